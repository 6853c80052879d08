using System.Runtime.Versioning;

namespace CloudFunction.Runtime.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class HostDirectoryTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("folders-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableTheory]
    [InlineData("a/b/c")]
    [InlineData("a/b/c/")]
    public void Create_SomeAboveItAreMissing_MakesAllOfThemTheUsersAlone(string path)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access control lists in place of modes.");
        HostDirectory.Create(Path.Combine(_root, path));

        foreach (var made in new[] { "a", "a/b", "a/b/c" })
        {
            Assert.Equal(OwnersAlone, File.GetUnixFileMode(Path.Combine(_root, made)));
        }
    }

    [SkippableFact]
    public void Create_ThatIsThere_StaysAsItIs()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access control lists in place of modes.");
        const UnixFileMode open = OwnersAlone | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var there = Directory.CreateDirectory(Path.Combine(_root, "there"), open).FullName;

        HostDirectory.Create(there);
        HostDirectory.Create(Path.Combine(there, "new"));

        Assert.Equal((open, OwnersAlone), (File.GetUnixFileMode(there), File.GetUnixFileMode(Path.Combine(there, "new"))));
    }
}
