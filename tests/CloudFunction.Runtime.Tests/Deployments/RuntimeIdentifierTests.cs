using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class RuntimeIdentifierTests
{
    [Theory]
    [InlineData("linux-x64", "linux-x64", true)]
    [InlineData("linux", "linux-x64", true)]
    [InlineData("any", "win-arm64", true)]
    [InlineData("unix", "osx-arm64", true)]
    [InlineData("unix-x64", "linux-x64", true)]
    [InlineData("ubuntu.22.04-x64", "debian.12-x64", true)]
    [InlineData("linux-x64", "fedora.40-x64", true)]
    [InlineData("alpine.3.17-x64", "linux-musl-x64", true)]
    [InlineData("win10-x64", "win-x64", true)]
    [InlineData("win-x86", "win-x64", false)]
    [InlineData("osx.13-arm64", "osx-arm64", true)]
    [InlineData("LINUX-X64", "linux-x64", true)]
    [InlineData("win-x64", "linux-x64", false)]
    [InlineData("linux-arm64", "linux-x64", false)]
    [InlineData("linux-musl-x64", "linux-x64", false)]
    [InlineData("linux-x64", "linux-musl-x64", false)]
    [InlineData("linux-bionic-arm64", "linux-arm64", false)]
    [InlineData("unix", "win-x64", false)]
    [InlineData("osx-x64", "linux-x64", false)]
    [InlineData("browser-wasm", "linux-x64", false)]
    [InlineData("android-arm64", "linux-arm64", false)]
    [InlineData("freebsd-x64", "linux-x64", false)]
    public void RunsOn_AnyHost_IsByItsSystemAndArchitecture(string published, string host, bool runs) =>
        Assert.Equal(runs, RuntimeIdentifier.Read(published).RunsOn(RuntimeIdentifier.Read(host)));
}
