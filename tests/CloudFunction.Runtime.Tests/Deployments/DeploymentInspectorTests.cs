using System.Runtime.InteropServices;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class DeploymentInspectorTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly DeploymentInspector _inspector;

    public DeploymentInspectorTests()
    {
        WritePlatform("worker/core", "CloudFunction.Abstractions", "0.1.0.0");
        WritePlatform("worker/core", "Shared", "10.0.0.0");
        WritePlatform("Microsoft.NETCore.App", "System.Core.Part", "10.0.0.0");
        WritePlatform("Microsoft.AspNetCore.App", "Web.Part", "10.0.0.0");
        WritePlatform("Microsoft.WindowsDesktop.App", "Desktop.Part", "10.0.0.0");
        _folder.Write("worker/CloudFunction.Worker.Bootstrap.runtimeconfig.json", """
            {"runtimeOptions":{"tfm":"net10.0","framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"},
             "configProperties":{"System.GC.Concurrent":false,"System.Runtime.TieredPGO":false}}}
            """);
        _inspector = new DeploymentInspector(
            new PlatformAssemblies(_folder.Combine("worker"), name => new FrameworkFolder(_folder.Combine(name)), new Version(10, 0, 12)));
    }

    private string Source => _folder.Combine("source");

    public void Dispose() => _folder.Dispose();

    private DeploymentInspector SelfContained()
    {
        _folder.Write("Microsoft.NETCore.App/CloudFunction.Worker.Bootstrap.runtimeconfig.json", """
            {"runtimeOptions":{"tfm":"net10.0","includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.12"}]}}
            """);
        return new DeploymentInspector(new PlatformAssemblies(
            _folder.Combine("worker"), name => new FrameworkFolder(_folder.Combine(name)), new Version(10, 0, 12), isSelfContained: true));
    }

    [Fact]
    public void Inspect_PublishedProject_TellsWhatItIs()
    {
        var directory = new PublishedProject(Source)
            .WithPackage("CloudFunction.Abstractions", "0.1.0", "0.1.0.0")
            .WithPackage("Direct", "2.3.4-rc.1", "2.3.0.0")
            .WithPackage("Transitive", "5.0.0", "5.0.0.0", isDirect: false)
            .Write();

        var contents = _inspector.Inspect(directory);

        Assert.Equal("Greetings.dll", contents.EntryAssembly);
        Assert.Equal("net10.0", contents.TargetFramework);
        Assert.Equal(["CloudFunction.Abstractions==0.1.0", "Direct==2.3.4-rc.1"], contents.Dependencies);
        Assert.False(contents.NeedsOwnProcess);
        Assert.Null(contents.OwnProcessReason);
        Assert.Null(contents.RuntimeConfig);
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.0", false)]
    [InlineData("9.9.0.0", false)]
    public void Inspect_AssemblyThatThePlatformHas_NeedsOwnProcessWhenNewer(string version, bool needsOwn)
    {
        var contents = _inspector.Inspect(new PublishedProject(Source).WithPackage("Shared", "10.0.1", version).Write());

        Assert.Equal(needsOwn, contents.NeedsOwnProcess);
        Assert.Equal(needsOwn, contents.OwnProcessReason?.Contains("Shared 10.0.0.1", StringComparison.Ordinal) ?? false);
        Assert.Null(contents.RuntimeConfig);
    }

    [Fact]
    public void Inspect_SelfContainedHost_StartsOwnProcessesOnWhatItHasWithIt()
    {
        var contents = SelfContained().Inspect(new PublishedProject(Source)
            .WithRuntimeConfig("""{"runtimeOptions":{"frameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"},"""
                + """{"name":"Microsoft.AspNetCore.App","version":"10.0.0"}],"configProperties":{"System.GC.Server":true}}}""").Write());

        Assert.Equal(
            """{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.12"}]"""
            + ""","configProperties":{"System.GC.Server":true}}}""",
            contents.RuntimeConfig);
    }

    [Fact]
    public void Inspect_SelfContainedHostWithoutAFramework_IsRefused()
    {
        var directory = new PublishedProject(Source)
            .WithRuntimeConfig("""{"runtimeOptions":{"framework":{"name":"Microsoft.WindowsDesktop.App","version":"10.0.0"}}}""")
            .Write();

        var exception = Assert.Throws<DeploymentException>(() => SelfContained().Inspect(directory));

        Assert.Equal(DeploymentErrorCode.DependencyError, exception.Code);
        Assert.Contains("Microsoft.WindowsDesktop.App", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--no-self-contained", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_NewerAssemblyWithNoVersionListed_ReadsTheFile()
    {
        var contents = _inspector.Inspect(new PublishedProject(Source).WithPackage("Shared", "11.0.0", "11.0.0.0", type: "project").Write());

        Assert.True(contents.NeedsOwnProcess);
    }

    [Theory]
    [InlineData(
        """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"}"""
        + ""","configProperties":{"System.Reflection.Metadata.MetadataUpdater.IsSupported":false}}}""",
        false)]
    [InlineData(
        """{"runtimeOptions":{"frameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"},"""
        + """{"name":"Microsoft.AspNetCore.App","version":"10.0.0"}]}}""",
        false)]
    [InlineData("""{"runtimeOptions":{"framework":{"name":"Microsoft.WindowsDesktop.App","version":"10.0.0"}}}""", true)]
    [InlineData(
        """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.0"},"configProperties":{"System.GC.Server":true}}}""",
        true)]
    public void Inspect_RuntimeConfig_IsUsedWhereItSaysMoreThanTheSdk(string json, bool isUsed)
    {
        var contents = _inspector.Inspect(new PublishedProject(Source).WithRuntimeConfig(json).Write());

        Assert.Equal(isUsed, contents.NeedsOwnProcess);
        Assert.Equal(isUsed, contents.RuntimeConfig is not null);
    }

    [Fact]
    public void Inspect_RuntimeConfigOfItsOwn_IsLaidOverTheWorkers()
    {
        var contents = _inspector.Inspect(new PublishedProject(Source).WithRuntimeConfig("""
            {"runtimeOptions":{"rollForward":"LatestMajor","frameworks":[{"name":"Microsoft.AspNetCore.App","version":"8.0.0"},
             {"name":"Acme.App","version":"3.0.0"}],
             "configProperties":{"System.GC.Concurrent":true,"System.GC.HeapCount":4,"Acme.Name":"x"}}}
            """).Write());

        Assert.Equal(
            """{"runtimeOptions":{"frameworks":[{"name":"Acme.App","version":"3.0.0"},{"name":"Microsoft.AspNetCore.App","version":"10.0.0"},"""
            + """{"name":"Microsoft.NETCore.App","version":"10.0.0"}],"configProperties":{"Acme.Name":"x","System.GC.Concurrent":true"""
            + ""","System.GC.HeapCount":4,"System.Runtime.TieredPGO":false}}}""",
            contents.RuntimeConfig);
    }

    [Theory]
    [InlineData("System.Core.Part", "11.0.0.0", false, true)]
    [InlineData("System.Core.Part", "10.0.0.0", false, false)]
    [InlineData("Web.Part", "11.0.0.0", false, false)]
    [InlineData("Web.Part", "11.0.0.0", true, true)]
    [InlineData("Desktop.Part", "11.0.0.0", true, true)]
    [InlineData("Shared", "11.0.0.0", true, false)]
    [InlineData("Unknown", "11.0.0.0", true, false)]
    public void Inspect_AssemblyOfAFramework_IsOverriddenWhereTheProcessStartsOnAnOlderOne(
        string name, string version, bool hasConfig, bool isOverridden)
    {
        var project = new PublishedProject(Source).WithPackage(name, "11.0.0", version);
        if (hasConfig)
        {
            project.WithRuntimeConfig("""{"runtimeOptions":{"frameworks":[{"name":"Microsoft.AspNetCore.App","version":"10.0.0"},"""
                + """{"name":"Microsoft.WindowsDesktop.App","version":"10.0.0"}]}}""");
        }

        var contents = _inspector.Inspect(project.Write());

        Assert.Equal(isOverridden ? [new FrameworkOverride(name + ".dll", new Version(version))] : null, contents.FrameworkOverrides);
        Assert.Equal(hasConfig || version == "11.0.0.0", contents.NeedsOwnProcess);
    }

    [Fact]
    public void Inspect_ProjectWithReferencedFunctionProject_TakesTheOneAtTheTop()
    {
        new PublishedProject(Source, "Library").WithPackage("CloudFunction.Abstractions", "0.1.0", "0.1.0.0").Write();
        var directory = new PublishedProject(Source, "App")
            .WithPackage("CloudFunction.Abstractions", "0.1.0", "0.1.0.0")
            .WithPackage("Library", "1.0.0", "1.0.0.0", type: "project")
            .Write();

        Assert.Equal("App.dll", _inspector.Inspect(directory).EntryAssembly);
    }

    [Fact]
    public void Inspect_TwoFunctionProjects_NamesBoth()
    {
        new PublishedProject(Source, "One").WithPackage("CloudFunction.Abstractions", "0.1.0", "0.1.0.0").Write();
        new PublishedProject(Source, "Two").WithPackage("CloudFunction.Abstractions", "0.1.0", "0.1.0.0").Write();

        AssertFails(DeploymentErrorCode.Invalid, "One.dll, Two.dll");
    }

    [Fact]
    public void Inspect_EmptyFolder_SaysSo()
    {
        Directory.CreateDirectory(Source);
        _folder.Write("source/.env", "A=1");

        AssertFails(DeploymentErrorCode.Invalid, "empty", "dotnet publish");
    }

    [Theory]
    [InlineData("App.dll", "no *.deps.json")]
    [InlineData("App.deps.json", "App.dll is not")]
    [InlineData("notes.txt", "The folder holds nothing that can run here: put C# files")]
    [InlineData("main.py", "The folder holds nothing that can run here, and Python files do not: put C# files")]
    public void Inspect_NoPublishedProject_SaysWhatToDo(string file, string expected)
    {
        _folder.Write("source/" + file, "{}");

        var exception = Assert.Throws<DeploymentException>(() => _inspector.Inspect(Source));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet publish", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"runtimeTarget":{"name":7}}""")]
    [InlineData("""{"runtimeTarget":{"name":"x"},"targets":{"x":{"A/1":7}},"libraries":{}}""")]
    public void Inspect_GarbledDependencyFile_IsInvalid(string json)
    {
        new PublishedProject(Source).Write();
        _folder.Write("source/Greetings.deps.json", json);

        AssertFails(DeploymentErrorCode.Invalid, "Greetings.deps.json");
    }

    [Fact]
    public void Inspect_HugeDependencyFile_IsNotRead()
    {
        new PublishedProject(Source).Write();
        using (var file = File.OpenWrite(Path.Combine(Source, "Greetings.deps.json")))
        {
            file.SetLength(9 << 20);
        }

        AssertFails(DeploymentErrorCode.Invalid, "at most");
    }

    [Fact]
    public void Inspect_NewerTargetFramework_NamesBothVersions()
    {
        new PublishedProject(Source, target: ".NETCoreApp,Version=v11.0").Write();

        AssertFails(DeploymentErrorCode.DependencyError, "11.0", "10.0.12");
    }

    [Fact]
    public void Inspect_OtherFramework_IsInvalid()
    {
        new PublishedProject(Source, target: ".NETFramework,Version=v4.8").Write();

        AssertFails(DeploymentErrorCode.Invalid, ".NETFramework", "net10.0");
    }

    [Fact]
    public void Inspect_NewerAbstractions_NamesBothVersions()
    {
        new PublishedProject(Source).WithPackage("CloudFunction.Abstractions", "0.2.0", "0.2.0.0").Write();

        AssertFails(DeploymentErrorCode.DependencyError, "0.2.0.0", "0.1.0.0");
    }

    [Fact]
    public void Inspect_MissingAssembly_NamesItAndItsPackage()
    {
        new PublishedProject(Source).WithPackage("Gone", "3.1.0", "3.1.0.0", isOnDisk: false).Write();

        AssertFails(DeploymentErrorCode.DependencyError, "Gone.dll of Gone 3.1.0 is missing");
    }

    [Fact]
    public void Inspect_MissingAssemblyThatThePlatformHas_IsLeftToIt()
    {
        new PublishedProject(Source).WithPackage("Shared", "10.0.0", "10.0.0.0", isOnDisk: false).Write();

        Assert.False(_inspector.Inspect(Source).NeedsOwnProcess);
    }

    [Fact]
    public void Inspect_SelfContained_IsRefused()
    {
        new PublishedProject(Source)
            .WithRuntimeConfig("""{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.1"}]}}""")
            .Write();

        AssertFails(DeploymentErrorCode.Invalid, "--no-self-contained");
    }

    [Fact]
    public void Inspect_PublishedForAnotherPlatform_IsRefusedWithBoth()
    {
        var directory = new PublishedProject(Source).Write();
        var dependencies = Directory.GetFiles(directory, "*.deps.json").Single();
        var text = File.ReadAllText(dependencies);
        File.WriteAllText(
            dependencies, text.Replace(".NETCoreApp,Version=v10.0", ".NETCoreApp,Version=v10.0/browser-wasm", StringComparison.Ordinal));

        AssertFails(DeploymentErrorCode.DependencyError, "browser-wasm", RuntimeInformation.RuntimeIdentifier);

        File.WriteAllText(
            dependencies,
            text.Replace(
                ".NETCoreApp,Version=v10.0", $".NETCoreApp,Version=v10.0/{RuntimeInformation.RuntimeIdentifier}", StringComparison.Ordinal));
        Assert.Equal("net10.0", _inspector.Inspect(directory).TargetFramework);
    }

    [Fact]
    public void Inspect_NewerRuntimePatch_NamesBothVersions()
    {
        new PublishedProject(Source)
            .WithRuntimeConfig("""{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"10.0.99"}}}""")
            .Write();

        AssertFails(DeploymentErrorCode.DependencyError, "10.0.99", "10.0.12");
    }

    private void WritePlatform(string directory, string name, string version)
    {
        Directory.CreateDirectory(_folder.Combine(directory));
        PublishedProject.WriteAssembly(_folder.Combine(directory, name + ".dll"), version);
    }

    private void AssertFails(DeploymentErrorCode code, params string[] parts)
    {
        var exception = Assert.Throws<DeploymentException>(() => _inspector.Inspect(Source));
        Assert.Equal(code, exception.Code);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }
}
