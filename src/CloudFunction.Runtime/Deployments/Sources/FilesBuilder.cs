using System.Security.Cryptography;
using System.Text;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Builds a folder of bare C# files. The first time, and whenever packages or properties change, with the SDK's whole build; else
/// the compiler alone is called, as that build called it, through the compiler server.</summary>
/// <param name="sdk">Which SDK.</param>
/// <param name="command">Runs whole builds.</param>
/// <param name="compiler">Runs the compiler alone.</param>
/// <param name="coreDirectory">The worker's own assemblies, which every function compiles against.</param>
/// <param name="targetFramework">Such as <c>net10.0</c>.</param>
internal sealed class FilesBuilder(DotnetSdk sdk, SdkCommand command, SdkCommand compiler, string coreDirectory, string targetFramework)
{
    // Ten times what generators write; the host has each whole in memory for a moment.
    private const long MaxSourceBytes = 16 << 20;

    private const string KeyFile = "built-for";
    private const string ArgumentsFile = "compiler.rsp";
    private const string ProjectFile = "functions.csproj";
    private const string SourceFolderName = "source";

    private static readonly string[] CompilerSettings = [".editorconfig", ".globalconfig"];

    /// <summary>Builds what <see cref="BuildDirectory.Source"/> holds into <see cref="BuildDirectory.Published"/>.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="directory">Where the sources are copied and built.</param>
    /// <param name="folder">The project's own folder, where the lock lies.</param>
    /// <param name="common">Packages that all projects get.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DeploymentException">It does not build; the message has each error with file, line and column.</exception>
    public async Task BuildAsync(
        string project, BuildDirectory directory, string folder, IReadOnlyList<PackageRequirement> common, CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(directory.Source, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(directory.Path, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal).ToList();
        var (packages, properties) = ReadDirectives(directory, files, common, cancellationToken);
        var lockKey = RequirementsLock.KeyOf(packages);
        var locked = packages.Count == 0 ? null : RequirementsLock.Read(folder, directory, lockKey);
        var assembly = $"{project}.functions";
        var unpinned = new FilesProject(
            assembly, targetFramework, [.. packages.Select(p => KeyValuePair.Create(p.Name, p.Range))], properties, References());
        if (locked is not null || packages.Count == 0)
        {
            if (File.Exists(directory.File(KeyFile))
                && await File.ReadAllTextAsync(directory.File(KeyFile), cancellationToken).ConfigureAwait(false) == KeyOf(directory, unpinned, locked)
                && CompilerCall.TryRead(directory, directory.File(ArgumentsFile)) is { } last)
            {
                await CompileAsync(directory, last, files, packages, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        var pinned = locked is null ? unpinned : unpinned with { Packages = [.. locked.Select(p => KeyValuePair.Create(p.Key, $"[{p.Value}]"))] };
        var call = await BuildAllAsync(directory, assembly, pinned.Format(), files, packages, cancellationToken).ConfigureAwait(false);
        if (packages.Count > 0 && locked is null)
        {
            locked = RestoredPackages.Read(directory.File(Path.Combine("obj", RestoredPackages.FileName)));
            RequirementsLock.Write(folder, directory, lockKey, locked);
        }

        if (call.IsWholeBuild() && !properties.Any(ReadsMore))
        {
            await File.WriteAllTextAsync(directory.File(KeyFile), KeyOf(directory, unpinned, locked), cancellationToken).ConfigureAwait(false);
        }
    }

    // Functions and items of MSBuild's, and files of the folder: what such a property is made of may change with no change of the property.
    private static bool ReadsMore(SourceProperty property) =>
        property.Value.Contains("$([", StringComparison.Ordinal)
        || property.Value.Contains("@(", StringComparison.Ordinal)
        || property.Value.Contains(SourceFolderName, StringComparison.OrdinalIgnoreCase);

    // What a build was for, but for the C# files themselves: as long as it is the same, only the compiler has to run again. The
    // files that configure the compiler are passed to it by name, so that their names count, and not what is in them.
    private string KeyOf(BuildDirectory directory, FilesProject project, IReadOnlyDictionary<string, string>? locked)
    {
        var versions = locked?.Select(package => $"{package.Key}=={package.Value}") ?? [];
        var settings = CompilerSettings.SelectMany(name => Directory.EnumerateFiles(directory.Source, name, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);
        var text = string.Join('\n', [sdk.Directory, project.Format(), .. versions, .. settings]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private List<string> References() =>
        [.. Directory.EnumerateFiles(coreDirectory, "*.dll").Where(IsForFunctions).Order(StringComparer.Ordinal)];

    private static bool IsForFunctions(string path) => Path.GetFileName(path) is var name
        && (name == PlatformAssemblies.Abstractions + ".dll" || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));

    private static (IReadOnlyList<PackageRequirement> Packages, IReadOnlyList<SourceProperty> Properties) ReadDirectives(
        BuildDirectory directory, IReadOnlyList<string> files, IReadOnlyList<PackageRequirement> common, CancellationToken cancellationToken)
    {
        var errors = new BoundedLines();
        List<PackageRequirement> packages = [];
        var lines = 0;
        var properties = new SortedDictionary<string, SourceProperty>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shown = file[(SourceFolderName.Length + 1)..];
            var directives = SourceDirectives.Read(ReadSource(directory.File(file), shown), shown, errors);
            packages.AddRange(directives.Packages);
            if ((lines += directives.Packages.Count + directives.Properties.Count) > SourceDirectives.MaxLines)
            {
                throw new DeploymentException(
                    DeploymentErrorCode.Invalid,
                    $"{shown}: with this file the project has {lines} lines that begin with '#:'; at most {SourceDirectives.MaxLines} are allowed.");
            }

            foreach (var property in directives.Properties)
            {
                if (!properties.TryAdd(property.Name, property) && properties[property.Name] is var known && known.Value != property.Value)
                {
                    errors.Add($"{property.Where}: {property.Name} is set to another value at {known.Where}; set it once.");
                }
            }
        }

        return errors.Any
            ? throw new DeploymentException(DeploymentErrorCode.Invalid, errors.ToString())
            : (PackageList.Merge(common, RequirementsFile.Read(directory.Source), packages), [.. properties.Values]);
    }

    private static string ReadSource(string path, string shown) => new FileInfo(path).Length is var bytes and > MaxSourceBytes
        ? throw new DeploymentException(DeploymentErrorCode.Invalid, $"{shown} has {bytes} bytes; at most {MaxSourceBytes} are allowed in a C# file.")
        : File.ReadAllText(path);

    private async Task<CompilerCall> BuildAllAsync(
        BuildDirectory directory, string assembly, string text, IReadOnlyList<string> files, IReadOnlyList<PackageRequirement> packages,
        CancellationToken cancellationToken)
    {
        File.Delete(directory.File(KeyFile)); // Until it has succeeded there is nothing that the compiler alone could go on from.
        var projectFile = directory.File(ProjectFile);
        BuildDirectory.WriteIfChanged(projectFile, text);
        BuildDirectory.WriteIfChanged(directory.File(FilesProject.SourcesFile), FilesProject.FormatSources(files));
        BuildDirectory.WriteIfChanged(directory.File(FilesProject.MarkerFile), FilesProject.Marker);
        directory.RemoveIntermediate(); // Else the compiler may find nothing to do, and then the build does not report how it is called.
        var output = await command.PublishAsync(
            projectFile, directory, directory.Published, packages, [$"-getItem:{CompilerArguments.Item}"], cancellationToken).ConfigureAwait(false);
        var arguments = CompilerArguments.Read(output, SourceFolderName)
            ?? throw new DeploymentException(DeploymentErrorCode.Invalid, $"The build of {assembly} did not call the compiler: deploy again.");
        await File.WriteAllTextAsync(directory.File(ArgumentsFile), CompilerArguments.Format(arguments), cancellationToken).ConfigureAwait(false);
        return new CompilerCall(directory, arguments);
    }

    private async Task CompileAsync(
        BuildDirectory directory, CompilerCall call, IReadOnlyList<string> files, IReadOnlyList<PackageRequirement> packages,
        CancellationToken cancellationToken)
    {
        call.RemoveProducts();
        // The sources before those that the build has written, as the build has them: the assembly is the same as it would be from a whole build.
        string[] arguments = ["-noconfig", "-shared", "-nologo", .. files, $"@{directory.File(ArgumentsFile)}"];
        var result = await compiler.RunAsync(sdk.Compiler, arguments, directory.Path, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw BuildMessages.Describe(result, directory.Source, packages)!;
        }

        call.Publish();
    }
}
