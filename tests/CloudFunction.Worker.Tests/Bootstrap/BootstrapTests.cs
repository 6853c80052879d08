namespace CloudFunction.Worker.Tests.Bootstrap;

public sealed class BootstrapTests : IDisposable
{
    private const string RunEntry =
        """System.Console.WriteLine(load(deployment, "Shop.dll").GetType("Shop")!.GetMethod("Run")!.Invoke(null, null));""";

    private readonly BootstrapProcess _process = new();

    public void Dispose() => _process.Dispose();

    [Fact]
    public async Task Handshake_Complete_IsHandedToTheCore()
    {
        _process.WriteCore("""Console.WriteLine($"{socket} {worker} {secret}"); return 5;""");

        var ended = await _process.RunAsync(BootstrapProcess.Standby + "more, which is not read");

        Assert.Equal((5, "/tmp/s=1 w1 abc", string.Empty), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Theory]
    [InlineData("", "Standard input ended before the handshake did")]
    [InlineData("socket=s\nworker=w\nsecret=x\n", "Standard input ended before the handshake did")]
    [InlineData("socket=s\nsecret=x\n\n", "no worker=")]
    [InlineData("worker=w\nsecret=x\n\n", "no socket=")]
    [InlineData("socket=s\nworker=w\n\n", "no secret=")]
    [InlineData("socket=s\nworker=w\nsecret=topsecret\nentry=e\n\n", "one of deployment= and entry=")]
    [InlineData("socket=s\ntopsecret\n\n", "different versions")]
    [InlineData("socket=s\ncolour=topsecret\n\n", "different versions")]
    public async Task Handshake_NotComplete_EndsWithOneLine(string handshake, string part)
    {
        _process.WriteCore(string.Empty);

        var refusal = (await _process.RunAsync(handshake)).Refusal;

        Assert.Contains(part, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Core_Throws_EndsWithItsException()
    {
        _process.WriteCore("""throw new FormatException("Broken core.");""");

        var ended = await _process.RunAsync(BootstrapProcess.Standby);

        Assert.Equal(70, ended.ExitCode);
        Assert.Contains("System.FormatException: Broken core.", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deployment_Loaded_IsTheProcessesOwn(bool ofItsOwn)
    {
        _process.WriteCore(RunEntry + """Console.WriteLine(AppContext.BaseDirectory); Console.WriteLine(Environment.CurrentDirectory); """
            + """Console.WriteLine(System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name);""");
        _process.WriteEntry("""System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(typeof(Shop).Assembly) == """
            + """System.Runtime.Loader.AssemblyLoadContext.Default ? AppDomain.CurrentDomain.BaseDirectory : "another context" """);

        var printed = (await _process.RunAsync(ofItsOwn ? _process.OfItsOwn : BootstrapProcess.Standby)).Printed;

        var folder = _process.Deployment + Path.DirectorySeparatorChar;
        Assert.Equal([folder, folder, _process.Deployment, "Shop"], printed.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("5.0.0.0", "9.0.0.0", "9.0.0.0 deployment")]
    [InlineData("9.0.0.0", "5.0.0.0", "9.0.0.0 core")]
    [InlineData("5.0.0.0", "5.0.0.0", "5.0.0.0 core")]
    [InlineData(null, "5.0.0.0", "5.0.0.0 deployment")]
    [InlineData("5.0.0.0", null, "5.0.0.0 core")]
    public async Task Resolution_LibraryOfCoreAndDeployment_IsTheHigherOne(string? core, string? deployment, string expected)
    {
        var reference = BootstrapProcess.WriteLibrary(Path.Combine(_process.Worker, "reference"), "Shared", "1.0.0.0");
        _process.WriteCore(RunEntry);
        _process.WriteEntry("Lib.T.Version", reference);
        if (core is not null)
        {
            BootstrapProcess.WriteLibrary(_process.Core, "Shared", core);
        }

        if (deployment is not null)
        {
            BootstrapProcess.WriteLibrary(_process.Deployment, "Shared", deployment);
        }

        Assert.Equal(expected, (await _process.RunAsync(_process.OfItsOwn)).Printed);
    }

    [Fact]
    public async Task Resolution_CoreRunsFirst_StillTakesTheDeploymentsHigherOne()
    {
        var reference = BootstrapProcess.WriteLibrary(_process.Core, "Shared", "5.0.0.0");
        BootstrapProcess.WriteLibrary(_process.Deployment, "Shared", "9.0.0.0");
        _process.WriteCore("Console.WriteLine(Lib.T.Version);", [reference]);
        _process.WriteEntry("null");

        Assert.Equal("9.0.0.0 deployment", (await _process.RunAsync(_process.OfItsOwn)).Printed);
    }

    [Fact]
    public async Task Resolution_FrameworksLibrary_IsTakenBeforeAnEqualOne()
    {
        // The test's own copy comes from a package of the same assembly version.
        var copy = Path.Combine(AppContext.BaseDirectory, "Microsoft.Extensions.Options.dll");
        File.Copy(copy, Path.Combine(_process.Core, "Microsoft.Extensions.Options.dll"));
        File.Copy(copy, Path.Combine(_process.Deployment, "Microsoft.Extensions.Options.dll"));
        _process.WriteCore(RunEntry);
        _process.WriteEntry(
            "System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName("
            + "System.IO.Path.GetDirectoryName(typeof(Microsoft.Extensions.Options.Options).Assembly.Location)))");

        Assert.Equal("Microsoft.AspNetCore.App", (await _process.RunAsync(_process.OfItsOwn)).Printed);
    }

    [Fact]
    public async Task Resolution_FrameworksLibraryLowerThanTheDeployments_IsTheDeployments()
    {
        BootstrapProcess.WriteLibrary(_process.Deployment, "Microsoft.AspNetCore.Http", "99.0.0.0");
        _process.WriteCore(RunEntry);
        _process.WriteEntry("Lib.T.Version", Path.Combine(_process.Deployment, "Microsoft.AspNetCore.Http.dll"));

        Assert.Equal("99.0.0.0 deployment", (await _process.RunAsync(_process.OfItsOwn)).Printed);
    }

    [Fact]
    public async Task Resolution_OwnAssembly_IsTheCoresUnlessTheDeploymentNeedsANewerOne()
    {
        var reference = BootstrapProcess.WriteLibrary(_process.Core, "CloudFunction.Abstractions", "5.0.0.0");
        BootstrapProcess.WriteLibrary(_process.Deployment, "CloudFunction.Abstractions", "4.0.0.0");
        _process.WriteCore(RunEntry);
        _process.WriteEntry("Lib.T.Version", reference);
        Assert.Equal("5.0.0.0 core", (await _process.RunAsync(_process.OfItsOwn)).Printed);

        BootstrapProcess.WriteLibrary(_process.Deployment, "CloudFunction.Abstractions", "6.0.0.0");
        var refusal = (await _process.RunAsync(_process.OfItsOwn)).Refusal;

        Assert.Contains("CloudFunction.Abstractions 6.0.0.0, and this host's worker has 5.0.0.0", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolution_DeploymentBuiltWithMoreThanThereIs_NamesBothVersions()
    {
        var reference = BootstrapProcess.WriteLibrary(Path.Combine(_process.Worker, "reference"), "Shared", "7.0.0.0");
        BootstrapProcess.WriteLibrary(_process.Deployment, "Shared", "6.0.0.0");
        _process.WriteCore("""try { load(deployment, "Shop.dll").GetType("Shop")!.GetMethod("Run")!.Invoke(null, null); } catch (Exception e) { """
            + """Console.WriteLine(e.GetBaseException().Message); }""");
        _process.WriteEntry("Lib.T.Version", reference);

        Assert.Contains(
            "Shared 7.0.0.0 is needed, and the highest version here is 6.0.0.0",
            (await _process.RunAsync(_process.OfItsOwn)).Printed,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolution_DeploymentForANewerRuntime_NamesBothVersions()
    {
        var reference = BootstrapProcess.WriteLibrary(Path.Combine(_process.Worker, "reference"), "System.Web.HttpUtility", "99.0.0.0");
        _process.WriteCore("""try { load(deployment, "Shop.dll").GetType("Shop")!.GetMethod("Run")!.Invoke(null, null); } catch (Exception e) { """
            + """Console.WriteLine(e.GetBaseException().Message); }""");
        _process.WriteEntry("Lib.T.Version", reference);

        Assert.Contains(
            $"System.Web.HttpUtility 99.0.0.0 is needed, and .NET {Environment.Version} has 10.0.0.0",
            (await _process.RunAsync(_process.OfItsOwn)).Printed,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standby_DeploymentBringsNewerThanLoaded_IsToldToTakeAProcessOfItsOwn()
    {
        var reference = BootstrapProcess.WriteLibrary(_process.Core, "Shared", "5.0.0.0");
        BootstrapProcess.WriteLibrary(_process.Deployment, "Shared", "9.0.0.0");
        _process.WriteCore("Before(); " + RunEntry, [reference], "private static void Before() => Console.WriteLine(Lib.T.Version);");
        _process.WriteEntry("null");

        var ended = await _process.RunAsync(BootstrapProcess.Standby);

        Assert.Equal("5.0.0.0 core", ended.Output);
        Assert.Contains("brings Shared 9.0.0.0, and this process has already loaded 5.0.0.0", ended.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtime_AssemblyThatTheDeploymentHasNewer_IsRefusedInOneLine()
    {
        BootstrapProcess.WriteLibrary(_process.Deployment, "System.Web.HttpUtility", "99.0.0.0");
        _process.WriteCore(RunEntry);
        _process.WriteEntry("null");

        var refusal = (await _process.RunAsync(_process.OfItsOwn)).Refusal;

        Assert.Contains($"brings System.Web.HttpUtility 99.0.0.0, and .NET {Environment.Version} has 10.0.0.0", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtime_AssemblyThatTheDeploymentHasNewer_IsTakenWhereTheProcessWasStartedWithIt()
    {
        // What staging has to write for such a deployment, and how the host starts it.
        var newer = BootstrapProcess.WriteLibrary(_process.Deployment, "System.Web.HttpUtility", "99.0.0.0");
        var additional = Path.Combine(_process.Worker, "additional.deps.json");
        await File.WriteAllTextAsync(additional, """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"},
             "targets":{".NETCoreApp,Version=v10.0":{"deployment/1.0.0":{"runtime":{
                "System.Web.HttpUtility.dll":{"assemblyVersion":"99.0.0.0","fileVersion":"99.0.0.0"}}}}},
             "libraries":{"deployment/1.0.0":{"type":"package","serviceable":false,"sha512":"","path":"."}}}
            """);
        _process.WriteCore(RunEntry);
        _process.WriteEntry("Lib.T.Version", newer);

        var ended = await _process.RunAsync(_process.OfItsOwn, "--additional-deps", additional, "--additionalprobingpath", _process.Deployment);

        Assert.StartsWith("99.0.0.0", ended.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_DepsFile_DecidesWhereAssembliesLie()
    {
        var library = BootstrapProcess.WriteLibrary(Path.Combine(_process.Deployment, "runtimes", "any"), "Shared", "5.0.0.0");
        await File.WriteAllTextAsync(Path.Combine(_process.Deployment, "Shop.deps.json"), """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"},
             "targets":{".NETCoreApp,Version=v10.0":{"Shop/1.0.0":{"runtime":{"Shop.dll":{}}},"Shared/1.0.0":{"runtimeTargets":{
                "runtimes/any/Shared.dll":{"rid":"RID","assetType":"runtime","assemblyVersion":"5.0.0.0","fileVersion":"5.0.0.0"}}}}},
             "libraries":{"Shop/1.0.0":{"type":"project","serviceable":false,"sha512":""},
                "Shared/1.0.0":{"type":"package","serviceable":false,"sha512":"","path":"."}}}
            """.Replace("RID", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal));
        _process.WriteCore(RunEntry);
        _process.WriteEntry("Lib.T.Version", library);

        Assert.Equal("5.0.0.0 any", (await _process.RunAsync(_process.OfItsOwn)).Printed);
    }

    [Theory]
    [InlineData("Missing.dll", "does not exist")]
    public async Task Deployment_WithoutItsEntry_IsRefused(string entry, string part)
    {
        _process.WriteCore(string.Empty);

        var ended = await _process.RunAsync(_process.OfItsOwn.Replace("Shop.dll", entry, StringComparison.Ordinal));

        Assert.Equal(70, ended.ExitCode);
        Assert.Contains(part, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_NamedLikeAnAssemblyOfTheRuntime_IsRefused()
    {
        BootstrapProcess.WriteLibrary(_process.Deployment, "System.Web.HttpUtility", "1.0.0.0");
        _process.WriteCore("""load(deployment, "System.Web.HttpUtility.dll");""");

        Assert.Contains(
            "give the project another assembly name", (await _process.RunAsync(BootstrapProcess.Standby)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_ASecondOne_IsRefused()
    {
        BootstrapProcess.WriteLibrary(_process.Deployment, "Other", "1.0.0.0");
        _process.WriteCore("""load(deployment, "Shop.dll"); load(deployment, "Shop.dll"); try { load(deployment, "Other.dll"); } catch """
            + """(InvalidOperationException e) { Console.WriteLine(e.Message); }""");
        _process.WriteEntry("null");

        Assert.StartsWith("This process belongs to ", (await _process.RunAsync(BootstrapProcess.Standby)).Printed, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Signals_ThatEndAHost_DoNotEndAWorker()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such signals.");

        _process.WriteCore(
            """
            Console.WriteLine($"{getsid(0) == Environment.ProcessId}");
            foreach (var signal in new[] { 1, 2, 3, 15 }) { if (kill(Environment.ProcessId, signal) != 0) return 9; }
            // The runtime handles signals one after the other on a thread of its own; one that ended the process would do so before this one is seen.
            var seen = new ManualResetEventSlim();
            using var last = System.Runtime.InteropServices.PosixSignalRegistration.Create(
                System.Runtime.InteropServices.PosixSignal.SIGWINCH, _ => seen.Set());
            kill(Environment.ProcessId, 28);
            Console.WriteLine(seen.Wait(30_000));
            """,
            members: """
            [System.Runtime.InteropServices.DllImport("libc")] private static extern int kill(int pid, int signal);
            [System.Runtime.InteropServices.DllImport("libc")] private static extern int getsid(int pid);
            """);

        Assert.Equal($"True{Environment.NewLine}True", (await _process.RunAsync(BootstrapProcess.Standby)).Printed);
    }
}
