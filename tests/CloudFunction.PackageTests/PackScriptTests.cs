namespace CloudFunction.PackageTests;

/// <summary>The script does nothing that the tests do not.</summary>
public sealed class PackScriptTests
{
    [Fact]
    public void Script_IsOneCommandOfTheSdk()
    {
        var lines = File.ReadLines(Path.Combine(Built.RepositoryRoot, "pack.ps1")).Where(line => !line.StartsWith('#') && line.Length > 0);

        Assert.Equal([
            "$ErrorActionPreference = 'Stop'", "Set-Location $PSScriptRoot", "dotnet pack CloudFunction.sln --configuration Release",
            "exit $LASTEXITCODE",
        ], lines);
    }

    [Fact]
    public async Task Packages_GoWhereTheScriptSays()
    {
        var output = await Dotnet.RunAsync(
            Built.RepositoryRoot, new Dictionary<string, string>(), "msbuild", "src/CloudFunction.Runtime/CloudFunction.Runtime.csproj",
            "-getProperty:PackageOutputPath");

        Assert.Equal(Path.Combine(Built.RepositoryRoot, "artifacts", "packages"), Path.TrimEndingDirectorySeparator(output.Trim()));
    }
}
