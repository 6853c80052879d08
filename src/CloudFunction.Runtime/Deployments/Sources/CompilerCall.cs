namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>How a build has called the compiler, and what becomes of the files that the compiler makes: where they are, and what a deployment has
/// of them, depends on the project's properties.</summary>
internal sealed class CompilerCall
{
    private static readonly string[] InputOptions = ["/reference:", "/analyzer:"];

    private readonly BuildDirectory _directory;
    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyList<string> _products;

    /// <param name="directory">Where the build is; paths are relative to it.</param>
    /// <param name="arguments">The arguments, as the build gave them.</param>
    public CompilerCall(BuildDirectory directory, IReadOnlyList<string> arguments)
    {
        _directory = directory;
        _arguments = arguments;
        var assembly = ValueOf("/out:");
        IEnumerable<string?> products = [assembly, ValueOf("/pdb:") ?? Path.ChangeExtension(assembly, ".pdb"), ValueOf("/doc:")];
        _products = [.. products.OfType<string>().Select(directory.File)];
    }

    /// <summary>Reads what an earlier build has left; null where that is not all there any more.</summary>
    /// <param name="directory">Where the build was.</param>
    /// <param name="file">What <see cref="CompilerArguments.Format"/> has made.</param>
    public static CompilerCall? TryRead(BuildDirectory directory, string file)
    {
        if (!File.Exists(file) || !Directory.Exists(directory.Published))
        {
            return null;
        }

        var call = new CompilerCall(directory, CompilerArguments.Parse(File.ReadAllText(file)));
        return call.HasInputs() ? call : null;
    }

    /// <summary>Whether the compiler alone can make what the whole build has made: what is published is what came from the compiler, and was not
    /// changed on the way, as by ReadyToRun.</summary>
    public bool IsWholeBuild() => _products.Count > 0
        && File.Exists(PublishedOf(_products[0]))
        && _products.All(product => !File.Exists(PublishedOf(product)) || (File.Exists(product) && AreEqual(product, PublishedOf(product))));

    /// <summary>Removes what the compiler has made before.</summary>
    public void RemoveProducts()
    {
        foreach (var product in _products)
        {
            File.Delete(product);
        }
    }

    /// <summary>Puts what the compiler has made in the place of what it made before.</summary>
    public void Publish()
    {
        foreach (var product in _products.Where(product => File.Exists(PublishedOf(product))))
        {
            File.Delete(PublishedOf(product));
            NamedFiles.Copy(product, PublishedOf(product));
        }
    }

    private static bool AreEqual(string first, string second) => File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(second));

    private string? ValueOf(string option) =>
        _arguments.FirstOrDefault(argument => argument.StartsWith(option, StringComparison.Ordinal))?[option.Length..].Trim('"');

    private string PublishedOf(string product) => Path.Combine(_directory.Published, Path.GetFileName(product));

    // Files that the build has written for the compiler beside the project's own, and those of packages: a cache may have been emptied.
    private bool HasInputs() =>
        _products.Count > 0
        && Directory.Exists(Path.GetDirectoryName(_products[0]))
        && _arguments.All(argument => FileOf(argument) is not { } file || File.Exists(_directory.File(file)));

    private static string? FileOf(string argument)
    {
        var option = InputOptions.FirstOrDefault(option => argument.StartsWith(option, StringComparison.Ordinal));
        return option is not null ? argument[option.Length..].Trim('"')
            : argument.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) && !argument.StartsWith('/') ? argument.Trim('"')
            : null;
    }
}
