using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class PlatformAssembliesTests
{
    // The worker lands beside the tests' own output, as beside any host's.
    private readonly PlatformAssemblies _platform = new(Path.Combine(AppContext.BaseDirectory, "worker"));

    [Theory]
    [InlineData("System.Text.Json")]
    [InlineData("system.text.json")]
    [InlineData("Microsoft.AspNetCore.Http")]
    public void FindVersion_AssemblyOfTheFrameworks_HasTheirMajorVersion(string name) =>
        Assert.Equal(Environment.Version.Major, _platform.FindVersion(name)?.Major);

    [Fact]
    public void FindVersion_Abstractions_IsThatOfTheWorker() => Assert.NotNull(_platform.FindVersion(PlatformAssemblies.Abstractions));

    [Fact]
    public void FindVersion_UnknownName_IsNull() => Assert.Null(_platform.FindVersion("No.Such.Assembly"));
}
