using System.Security;
using System.Text;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Builds a <c>.csproj</c> with the SDK. Packages of <c>requirements.txt</c> are added to its own.</summary>
/// <param name="command">Runs its tools.</param>
/// <param name="coreDirectory">The worker's own assemblies: the contracts come from there where the project names no package for them.</param>
internal sealed class ProjectBuilder(SdkCommand command, string coreDirectory)
{
    private const string AdditionsFile = "additions.targets";

    /// <summary>Builds what <see cref="BuildDirectory.Source"/> holds into <see cref="BuildDirectory.Output"/>.</summary>
    /// <param name="directory">Where the sources are copied and built.</param>
    /// <param name="folder">The project's own folder, where the lock lies.</param>
    /// <param name="common">Packages that all projects get.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DeploymentException">It does not build; the message has each error with file, line and column.</exception>
    public async Task BuildAsync(
        BuildDirectory directory, string folder, IReadOnlyList<PackageRequirement> common, CancellationToken cancellationToken)
    {
        var packages = PackageList.Merge(common, RequirementsFile.Read(directory.Source), []);
        var key = RequirementsLock.KeyOf(packages);
        var locked = packages.Count == 0 ? null : RequirementsLock.Read(folder, directory, key);
        var additions = directory.File(AdditionsFile);
        BuildDirectory.WriteIfChanged(additions, Additions(packages, locked));
        var project = Directory.EnumerateFiles(directory.Source, "*.csproj").Single();
        string[] options =
        [
            "-p:UseAppHost=false", "-p:PublishSingleFile=false", "-p:PublishTrimmed=false", "-p:PublishAot=false", "-p:GenerateDependencyFile=true",
            $"-p:CustomAfterMicrosoftCommonProps={additions}",
        ];
        await command.PublishAsync(project, directory, directory.Output, packages, options, cancellationToken).ConfigureAwait(false);
        if (packages.Count > 0 && locked is null)
        {
            RequirementsLock.Write(folder, directory, key, Chosen(packages, RestoredPackages.Read(Path.Combine(directory.Source, "obj"))));
        }
    }

    // The project pins its own packages by its own means; the lock holds those that requirements.txt added.
    private static Dictionary<string, string> Chosen(IReadOnlyList<PackageRequirement> packages, IReadOnlyDictionary<string, string> restored) =>
        packages.Where(package => restored.ContainsKey(package.Name)).ToDictionary(
            package => package.Name, package => restored[package.Name], StringComparer.OrdinalIgnoreCase);

    private string Additions(IReadOnlyList<PackageRequirement> packages, IReadOnlyDictionary<string, string>? locked)
    {
        var text = new StringBuilder("<Project>\n  <ItemGroup>\n");
        foreach (var package in packages)
        {
            var range = locked?.TryGetValue(package.Name, out var version) == true ? $"[{version}]" : package.Range;
            text.Append("    <PackageReference Include=\"").Append(SecurityElement.Escape(package.Name))
                .Append("\" Version=\"").Append(SecurityElement.Escape(range)).Append("\" />\n");
        }

        var contracts = Path.Combine(coreDirectory, PlatformAssemblies.Abstractions + ".dll");
        return text.Append("  </ItemGroup>\n")
            .Append("  <Target Name=\"AddCloudFunctionContracts\" BeforeTargets=\"ResolveAssemblyReferences\"\n")
            .Append("          Condition=\"'@(PackageReference->WithMetadataValue('Identity', 'CloudFunction.Abstractions'))@(ProjectReference)' == "
                + "''\">\n    <ItemGroup>\n")
            .Append("      <Reference Include=\"").Append(SecurityElement.Escape(contracts)).Append("\" Private=\"false\" />\n")
            .Append("      <Reference Include=\"")
            .Append(SecurityElement.Escape(Path.Combine(coreDirectory, "Microsoft.Extensions.*.dll")))
            .Append("\" Private=\"false\" />\n")
            .Append("    </ItemGroup>\n  </Target>\n</Project>\n").ToString();
    }
}
