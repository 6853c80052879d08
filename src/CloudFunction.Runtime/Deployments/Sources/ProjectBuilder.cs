using System.Globalization;
using System.Security;
using System.Text;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Builds a <c>.csproj</c> with the SDK. Packages of <c>requirements.txt</c> are added to its own.</summary>
/// <param name="command">Runs its tools.</param>
/// <param name="coreDirectory">The worker's own assemblies: the contracts come from there where the project names no package for them.</param>
internal sealed class ProjectBuilder(SdkCommand command, string coreDirectory)
{
    private const string AdditionsFile = "additions.targets";

    // Where the restore has put what it found: for the project's properties to decide, and for the build to report.
    private const string AssetsPathFile = "assets-path";

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
        BuildDirectory.WriteIfChanged(additions, Additions(directory.File(AssetsPathFile), packages, locked));
        var project = Directory.EnumerateFiles(directory.Source, "*.csproj").Single();
        string[] options =
        [
            "-p:UseAppHost=false", "-p:PublishSingleFile=false", "-p:PublishTrimmed=false", "-p:PublishAot=false", "-p:GenerateDependencyFile=true",
            $"-p:CustomAfterMicrosoftCommonProps={additions}",
        ];
        await command.PublishAsync(project, directory, directory.Output, packages, options, cancellationToken).ConfigureAwait(false);
        if (packages.Count > 0 && locked is null)
        {
            var assets = (await File.ReadAllTextAsync(directory.File(AssetsPathFile), cancellationToken).ConfigureAwait(false)).Trim();
            RequirementsLock.Write(folder, directory, key, Chosen(packages, RestoredPackages.Read(Path.Combine(directory.Source, assets))));
        }
    }

    // The project pins its own packages by its own means; the lock holds those that requirements.txt added.
    private static Dictionary<string, string> Chosen(IReadOnlyList<PackageRequirement> packages, IReadOnlyDictionary<string, string> restored) =>
        packages.Where(package => restored.ContainsKey(package.Name)).ToDictionary(
            package => package.Name, package => restored[package.Name], StringComparer.OrdinalIgnoreCase);

    // The contracts come from here where neither a package nor a project of the folder's brings them.
    private string Additions(
        string assetsPathFile, IReadOnlyList<PackageRequirement> packages, IReadOnlyDictionary<string, string>? locked)
    {
        const string contracts = PlatformAssemblies.Abstractions;
        var references = new StringBuilder();
        foreach (var package in packages)
        {
            var range = locked?.TryGetValue(package.Name, out var version) == true ? $"[{version}]" : package.Range;
            references.Append(
                CultureInfo.InvariantCulture, $"    <PackageReference Include=\"{Escape(package.Name)}\" Version=\"{Escape(range)}\" />\n");
        }

        return $"""
            <Project>
              <ItemGroup>
            {references}  </ItemGroup>
              <Target Name="AddCloudFunctionContracts" BeforeTargets="ResolveAssemblyReferences">
                <ItemGroup>
                  <CloudFunctionKnown Include="@(Reference->'%(Filename)%(Extension)')" />
                  <CloudFunctionKnown Include="@(_ResolvedProjectReferencePaths->'%(Filename)%(Extension)')" />
                  <CloudFunctionContracts Include="@(CloudFunctionKnown->WithMetadataValue('Identity', '{contracts}'))" />
                  <CloudFunctionContracts Include="@(CloudFunctionKnown->WithMetadataValue('Identity', '{contracts}.dll'))" />
                </ItemGroup>
                <ItemGroup Condition="'@(CloudFunctionContracts)' == ''">
                  <Reference Include="{Escape(Path.Combine(coreDirectory, contracts + ".dll"))}" Private="false" />
                  <Reference Include="{Escape(Path.Combine(coreDirectory, "Microsoft.Extensions.*.dll"))}" Private="false" />
                </ItemGroup>
              </Target>
              <Target Name="ReportCloudFunctionReferences" BeforeTargets="ResolveAssemblyReferences">
                <Warning Code="{BuildMessages.MissingAssembly}" Text="%(Reference.HintPath)"
                         Condition="'%(Reference.HintPath)' != '' And !Exists('%(Reference.HintPath)')" />
              </Target>
              <Target Name="ReportCloudFunctionAssets" AfterTargets="Publish">
                <WriteLinesToFile File="{Escape(assetsPathFile)}" Lines="$(ProjectAssetsFile)" Overwrite="true" />
              </Target>
            </Project>

            """;
    }

    private static string? Escape(string text) => SecurityElement.Escape(text);
}
