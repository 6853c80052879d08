using System.Text.Json.Nodes;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Tests.Deployments;

namespace CloudFunction.Runtime.Tests.Hosting;

/// <summary>Projects of many kinds, as <c>dotnet publish</c> leaves them, on real workers.</summary>
public sealed class DeployedProjectTests : IAsyncDisposable
{
    // Makes the process one of its own, and changes nothing else that is looked at.
    private const string OwnProcess = "DOTNET_TieredCompilation=1\n";

    private readonly TestRuntime _runtime = new();

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("""{"runtimeOptions":{"frameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"},"""
        + """{"name":"Microsoft.AspNetCore.App","version":"10.0.0"}],"configProperties":{"Acme.Greeting":"hi"}}}""")]
    public async Task Invoke_BuiltWithNewerExtensionsThanTheWorker_RunsOnThem(string? runtimeConfig)
    {
        _runtime.Deploy("NewerExtensions");
        if (runtimeConfig is not null)
        {
            _runtime.Write("NewerExtensions.runtimeconfig.json", runtimeConfig);
        }

        var result = await _runtime.InvokeAsync("fetch");

        Assert.Equal("pong from http://shop.example/ping", (string?)result["answer"]);
        var loaded = result["assemblies"]!.AsObject().ToDictionary(assembly => assembly.Key, assembly => (string?)assembly.Value);
        string[] fromTheDeployment =
        [
            "System.Diagnostics.DiagnosticSource", "Microsoft.Extensions.Http", "Microsoft.Extensions.Logging",
            "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Options",
            "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.Primitives",
        ];
        Assert.All(fromTheDeployment, name => Assert.Equal("11.0.0.0", loaded.GetValueOrDefault(name)));
        Assert.Equal("10.0.0.0", loaded["System.Runtime"]);
        Assert.Contains(
            (await _runtime.FindDeploymentAsync()).Manifest.Contents.FrameworkOverrides!,
            found => found.Path == "System.Diagnostics.DiagnosticSource.dll");
    }

    [Theory]
    [InlineData("")]
    [InlineData(OwnProcess)]
    public async Task Invoke_NativeDependency_IsFound(string env)
    {
        var result = await _runtime.Deploy("NativeFunctions").Write(".env", env).InvokeAsync("query");

        Assert.Equal(42, (int)result);
        Assert.False((await _runtime.FindDeploymentAsync()).Manifest.Contents.NeedsOwnProcess);
    }

    [Fact]
    public async Task Invoke_AspNetCoreFramework_RunsInAStandbyWorker()
    {
        var result = await _runtime.Deploy("WebFunctions").InvokeAsync("link");

        Assert.Equal("/find?q=a%20b", (string?)result["link"]);
        Assert.Equal("Microsoft.AspNetCore.App", (string?)result["framework"]);
        Assert.False((await _runtime.FindDeploymentAsync()).Manifest.Contents.NeedsOwnProcess);
    }

    [Fact]
    public async Task Invoke_RuntimeConfigOfItsOwn_IsInForceAboveTheWorkers()
    {
        _runtime.Deploy("WebFunctions").Write("WebFunctions.runtimeconfig.json", """
            {"runtimeOptions":{"tfm":"net10.0","frameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"},
             {"name":"Microsoft.AspNetCore.App","version":"10.0.0"}],
             "configProperties":{"System.GC.Server":true,"Acme.Greeting":"hi"}}}
            """);

        var result = await _runtime.InvokeAsync("link");

        Assert.Equal("/find?q=a%20b", (string?)result["link"]);
        Assert.Equal("Microsoft.AspNetCore.App", (string?)result["framework"]);
        Assert.Equal("hi", (string?)result["greeting"]);

        // On one processor the runtime takes the other collector whatever it is told.
        Assert.Equal(Environment.ProcessorCount > 1, (bool)result["serverGarbageCollection"]!);
        Assert.False((bool)result["concurrentGarbageCollection"]!);
        Assert.Equal("false", (string?)result["tieredPgo"]);
    }

    [Fact]
    public async Task Start_NewerAbstractions_FailsWithBothVersions()
    {
        _runtime.Deploy("NativeFunctions").Write(
            "NativeFunctions.deps.json",
            Change("NativeFunctions.deps.json", "\"assemblyVersion\": \"0.1.0.0\"", "\"assemblyVersion\": \"99.0.0.0\""));
        PublishedProject.WriteAssembly(Path.Combine(_runtime.Folder, "CloudFunction.Abstractions.dll"), "99.0.0.0");

        await AssertFailsAsync("CloudFunction.Abstractions 99.0.0.0", "this host has 0.1.0.0");
    }

    [Fact]
    public async Task Start_NewerRuntime_FailsWithBothVersions()
    {
        _runtime.Deploy("NativeFunctions").Write("NativeFunctions.deps.json", Change("NativeFunctions.deps.json", "Version=v10.0", "Version=v99.0"));

        await AssertFailsAsync(".NET 99.0", $".NET {Environment.Version}");
    }

    [Fact]
    public async Task Start_DependencyMissing_FailsWithItsName()
    {
        _runtime.Deploy("NativeFunctions");
        File.Delete(Path.Combine(_runtime.Folder, "SQLitePCLRaw.core.dll"));

        await AssertFailsAsync("SQLitePCLRaw.core.dll of SQLitePCLRaw.core", "is missing");
    }

    [Fact]
    public async Task Start_DependencyMissingAndNotListed_FailsWithItsName()
    {
        // As if the packages had been stripped from the file: only the worker notices.
        _runtime.Deploy("NewerExtensions").Write("NewerExtensions.deps.json", """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"},
             "targets":{".NETCoreApp,Version=v10.0":{"NewerExtensions/1.0.0":{"runtime":{"NewerExtensions.dll":{}}}}},
             "libraries":{"NewerExtensions/1.0.0":{"type":"project","serviceable":false,"sha512":""}}}
            """);

        var info = await _runtime.StartAsync();

        Assert.Equal(ProjectStatus.Failed, info.Status);
        Assert.Matches(@"Microsoft\.Extensions\.\S+ 11\.0\.0\.0 is needed, and the highest version here is 10\.0\.0\.0", info.LastError);
    }

    [Fact]
    public async Task Invoke_VariablesFixedAtStart_AreSeenByNativeCode()
    {
        _runtime.Deploy("SurroundingFunctions").Write(".env", "TZ=Asia/Tokyo\nLC_ALL=de_DE.UTF-8\nDOTNET_gcServer=1\n");

        var found = await _runtime.InvokeAsync("whereabouts");
        var variables = await _runtime.InvokeAsync("variables", (string[])["TZ", "LC_ALL", "DOTNET_gcServer"]);

        Assert.Equal(
            ("Asia/Tokyo", "de-DE", Environment.ProcessorCount > 1),
            ((string?)found["timeZone"], (string?)found["culture"], (bool)found["serverGarbageCollection"]!));
        Assert.Equal(["Asia/Tokyo", "de_DE.UTF-8", "1"], Values(variables["managed"]!));
        Assert.Equal(["Asia/Tokyo", "de_DE.UTF-8", "1"], Values(variables["native"]!));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(OwnProcess, true)]
    public async Task Invoke_OrdinaryVariables_ReachTheFunctionAndTheHostsOwnDoNot(string env, bool isNative)
    {
        string[] secrets = ["ADMIN_KEY", "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "ConnectionStrings__Main", "PORT", "CLOUDFUNCTION_WORKERS"];
        foreach (var (name, value) in secrets.Zip(["topsecret", "http://*:1", "Staging", "Host=db;Password=topsecret", "8123", "1"]))
        {
            _runtime.Environment[name] = value;
        }

        _runtime.Environment["FROM_HOST"] = "host";
        _runtime.Environment["OVERLAID"] = "host";
        _runtime.WriteSystemEnv("FROM_SYSTEM=system\nOVERLAID=system\nMAX_QUEUE=7\n");
        _runtime.Deploy("SurroundingFunctions").Write(".env", env + "FROM_PROJECT=project\nOVERLAID=project\n");

        var variables = await _runtime.InvokeAsync("variables", (string[])["FROM_HOST", "FROM_SYSTEM", "FROM_PROJECT", "OVERLAID"]);

        Assert.Equal(["host", "system", "project", "project"], Values(variables["managed"]!));
        Assert.Equal(isNative ? "project" : null, (string?)variables["native"]!["FROM_PROJECT"]);
        var names = variables["names"]!.AsArray().Select(name => (string)name!).ToHashSet();
        Assert.Contains("PATH", names);
        Assert.DoesNotContain([.. secrets, "MAX_QUEUE"], name => names.Contains(name));
        Assert.DoesNotContain("topsecret", variables.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(OwnProcess)]
    public async Task Invoke_Directories_AreTheDeployments(string env)
    {
        var found = await _runtime.Deploy("SurroundingFunctions").Write(".env", env).InvokeAsync("whereabouts");

        var directory = (await _runtime.FindDeploymentAsync()).Directory;
        Assert.Equal(
            (directory + Path.DirectorySeparatorChar, directory, "SurroundingFunctions"),
            ((string?)found["baseDirectory"], (string?)found["currentDirectory"], (string?)found["entryAssembly"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(OwnProcess)]
    public async Task Invoke_SatelliteAssemblies_AreFoundByCulture(string env)
    {
        _runtime.Deploy("SurroundingFunctions").Write(".env", env);

        List<string?> texts = [];
        foreach (var culture in (string[])["en-GB", "de-AT", "zh-CN"])
        {
            texts.Add((string?)await _runtime.InvokeAsync("hello", culture));
        }

        Assert.Equal(["Hello", "Guten Tag", "你好"], texts);
    }

    private static string Change(string file, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", file[..file.IndexOf('.', StringComparison.Ordinal)], file));
        return text.Replace(from, to, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Values(JsonNode values) => values.AsObject().Select(value => (string?)value.Value);

    private async Task AssertFailsAsync(params string[] parts)
    {
        var info = await _runtime.StartAsync();

        Assert.Equal(ProjectStatus.Failed, info.Status);
        Assert.All(parts, part => Assert.Contains(part, info.LastError, StringComparison.Ordinal));
        var inspector = new DeploymentInspector(new PlatformAssemblies(Path.Combine(AppContext.BaseDirectory, "worker")));
        Assert.Equal(DeploymentErrorCode.DependencyError, Assert.Throws<DeploymentException>(() => inspector.Inspect(_runtime.Folder)).Code);
    }
}
