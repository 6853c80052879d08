namespace CloudFunction.PackageTests;

/// <summary>All packages, packed once, and an empty folder and an empty cache to use them from.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private bool _hasTemplates;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cf-packages-");

    /// <summary>Where the packages are.</summary>
    internal string Feed => Path.Combine(_root.FullName, "feed");

    /// <summary>What commands in <see cref="NewFolder"/> run with.</summary>
    internal IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = Path.Combine(_root.FullName, "cache"),
        ["DOTNET_CLI_HOME"] = Path.Combine(_root.FullName, "home"), // Where templates are installed to.
    };

    public async Task InitializeAsync() =>
        await Dotnet.RunAsync(
            Built.RepositoryRoot, new Dictionary<string, string>(), "pack", "CloudFunction.sln", "--no-build", "--configuration", Built.Configuration,
            $"-p:PackageOutputPath={Feed}/", "-nologo");

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Makes the templates known to <c>dotnet new</c>, once.</summary>
    internal async Task InstallTemplatesAsync()
    {
        if (!_hasTemplates)
        {
            _hasTemplates = true; // Tests of one collection come one after the other.
            await Dotnet.RunAsync(NewFolder("templates"), Environment, "new", "install", "CloudFunction.Templates");
        }
    }

    /// <summary>An empty folder whose packages come from <see cref="Feed"/> and from the user's usual sources.</summary>
    internal string NewFolder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.FullName, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        return folder;
    }
}
