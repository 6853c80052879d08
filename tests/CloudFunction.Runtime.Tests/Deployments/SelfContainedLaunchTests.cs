using System.Text.Json;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class SelfContainedLaunchTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prepare_ReplacedAssembly_IsTakenFromTheDeploymentAndTheRestFromTheRuntime()
    {
        _folder.Write("host/W.deps.json", """
            {"targets":{"t":{"Core/10.0.0":{"runtime":{"A.dll":{},"B.dll":{}},"native":{"libn.so":{}}}}},
             "libraries":{"Core/10.0.0":{"type":"runtimepack","serviceable":false,"sha512":""}}}
            """);
        _folder.Write("deployments/hello/3.deps.json", """
            {"targets":{"u":{"deployment/1.0.0":{"runtime":{"lib/a.dll":{"assemblyVersion":"11.0.0.0"}}}}},
             "libraries":{"deployment/1.0.0":{"type":"package","path":"."}}}
            """);
        var deployment = _folder.Combine("deployments", "hello", "3");

        var options = SelfContainedLaunch.Prepare(
            _folder.Combine("host"), _folder.Combine("host", "W.deps.json"), deployment + ".deps.json", deployment);

        Assert.Equal(
            [
                "--depsfile",
                SelfContainedLaunch.FileOf(deployment),
                "--additionalprobingpath",
                _folder.Combine(),
                "--additionalprobingpath",
                _folder.Combine("deployments", "hello"),
            ], options);
        using var written = JsonDocument.Parse(File.ReadAllBytes(SelfContainedLaunch.FileOf(deployment)));
        var target = written.RootElement.GetProperty("targets").GetProperty("t");
        Assert.Equal(["B.dll"], target.GetProperty("Core/10.0.0").GetProperty("runtime").EnumerateObject().Select(file => file.Name));
        Assert.True(target.GetProperty("Core/10.0.0").GetProperty("native").TryGetProperty("libn.so", out _));
        Assert.Equal(["lib/a.dll"], target.GetProperty("deployment/1.0.0").GetProperty("runtime").EnumerateObject().Select(file => file.Name));
        Assert.Equal(
            ["Core/10.0.0=host", "deployment/1.0.0=3"],
            written.RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Select(library => $"{library.Name}={library.Value.GetProperty("path").GetString()}"));
    }
}
