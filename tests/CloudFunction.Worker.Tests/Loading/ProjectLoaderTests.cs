using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Tests.Loading;

public sealed class ProjectLoaderTests
{
    private const string Function =
        "public class F : IFunction { public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => new(\"f\"); }";

    [Fact]
    public async Task Load_SeveralFunctions_SortsThemByName()
    {
        await using var project = TestProject.Load(Function + """
            [Function("a_b")] public class B : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default;
            }
            [Function("a-c")] public class A : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default;
            }
            class Hidden : IFunction { public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default; }
            """);

        Assert.Equal(["a-c", "a_b", "f"], project.Loaded.Functions.Select(f => f.Descriptor.Name));
        Assert.Equal(["Hidden"], project.Loaded.Skipped.Select(p => p.Type));
    }

    [Fact]
    public void Load_NoFunction_IsRefused() =>
        Assert.Contains("has no function", Assert.Single(TestProject.Refuse("public class Nothing;")), StringComparison.Ordinal);

    [Theory]
    [InlineData("public void ConfigureServices(IServiceCollection s, IConfiguration c) => throw new FormatException(\"No licence.\");")]
    [InlineData(
        "public S() => throw new FormatException(\"No licence.\"); public void ConfigureServices(IServiceCollection s, IConfiguration c) { }")]
    public void Load_StartupThatThrows_IsRefusedWithItsException(string members)
    {
        var problem = Assert.Single(TestProject.Refuse($"{Function} public class S : IFunctionStartup {{ {members} }}"));

        Assert.Equal("S, the project's startup, failed: System.FormatException: No licence.", problem);
    }

    [Fact]
    public async Task Load_NonPublicStartup_Runs()
    {
        await using var project = TestProject.Load(Function + """
            class S : IFunctionStartup
            {
                private S() { }
                public void ConfigureServices(IServiceCollection s, IConfiguration c) => Seen.Events.Enqueue(c["A"]!);
            }
            """, """{"A":"configured"}""");

        Assert.Equal(["configured"], project.Events);
    }

    [Theory]
    [InlineData("public F(IComparable service) { }", "asks for System.IComparable (service), which nothing registers")]
    [InlineData("public F([FromKeyedServices(\"x\")] TimeProvider time) { }", "asks for System.TimeProvider (time), which nothing registers")]
    [InlineData("public F() { } public F(TimeProvider time) { }", "has 2 public constructors")]
    [InlineData("private F() { }", "has no public constructor")]
    public void Load_FunctionThatCannotBeMade_IsRefused(string constructors, string part) =>
        Assert.Contains(part, Assert.Single(TestProject.Refuse(
            Function.Replace("{ public ValueTask", $"{{ {constructors} public ValueTask", StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public async Task Load_SeveralConstructorsOneMarked_TakesThatOne()
    {
        await using var project = TestProject.Load(Function.Replace(
            "{ public ValueTask",
            "{ public F() => Seen.Events.Enqueue(\"plain\"); [ActivatorUtilitiesConstructor] public F(TimeProvider time) => "
            + "Seen.Events.Enqueue(\"marked\"); public ValueTask",
            StringComparison.Ordinal));

        await project.InvokeAsync("f", "{}");

        Assert.Equal(["marked"], project.Events);
    }

    [Fact]
    public void Load_RequestTypeThatSystemTextJsonRefuses_IsRefused()
    {
        var problem = Assert.Single(TestProject.Refuse("""
            public class Clash { [JsonPropertyName("a")] public int A { get; set; } [JsonPropertyName("a")] public int B { get; set; } }
            public class F : IFunction<Clash, int> { public ValueTask<int> InvokeAsync(Clash r, FunctionContext c, CancellationToken t) => default; }
            """));

        Assert.StartsWith("F cannot be bound: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o => throw new FormatException(\"Bad options.\")", "Bad options.")]
    [InlineData("o => o.SerializerOptions = null!", "SerializerOptions is null")]
    public void Load_JsonOptionsThatCannotBeUsed_IsRefused(string configure, string part) =>
        Assert.Contains(part, Assert.Single(TestProject.Refuse($$"""
            {{Function}}
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection s, IConfiguration c) => s.Configure<FunctionJsonOptions>({{configure}});
            }
            """)), StringComparison.Ordinal);

    /// <summary>A resolver that knows the project's own types alone, as a context that the compiler generates.</summary>
    [Theory]
    [InlineData("TypeInfoResolverChain.Insert(0, new Own())")]
    [InlineData("TypeInfoResolverChain.Add(new Own())")]
    [InlineData("TypeInfoResolver = new Own()")]
    public async Task Load_ResolverOfOwnTypes_ServesFunctionsWithoutARequest(string change)
    {
        await using var project = TestProject.Load($$"""
            public record In(string A);
            public class Own : IJsonTypeInfoResolver
            {
                public JsonTypeInfo? GetTypeInfo(Type t, JsonSerializerOptions o) =>
                    t == typeof(In) || t == typeof(string) ? new DefaultJsonTypeInfoResolver().GetTypeInfo(t, o) : null;
            }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection s, IConfiguration c) =>
                    s.Configure<FunctionJsonOptions>(o => o.SerializerOptions.{{change}});
            }
            public class F
            {
                [Function("now")] public string Now() => "x";
                [Function("named")] public string Named(In i) => i.A;
            }
            public class Any : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => new(p.GetProperty("a").GetString());
            }
            """);

        Assert.Equal("\"x\"", (await project.InvokeAsync("now")).Result);
        Assert.Equal("\"y\"", (await project.InvokeAsync("named", """{"a":"y"}""")).Result);
        Assert.Equal("\"z\"", (await project.InvokeAsync("any", """{"a":"z"}""")).Result);
    }

    [Fact]
    public async Task Load_JsonOptions_AreReadOnlyAfterwards()
    {
        await using var project = TestProject.Load(Function);

        Assert.True(project.Invoker("f").Descriptor.Json.IsReadOnly);
    }

    [Fact]
    public void Load_BrokenSettingsFile_IsRefused() =>
        Assert.StartsWith("appsettings.json cannot be read: ", Assert.Single(TestProject.Refuse(Function, "{")), StringComparison.Ordinal);

    [Fact]
    public async Task Load_Environment_OverlaysTheSettingsFile()
    {
        // A name of its own: the environment is the whole test process'.
        var name = "CF_TEST_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(name + "__Inner", "environment");
        await using var project = TestProject.Load(
            $$"""public class F : IFunction { public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => """
            + $$"""new(c.Configuration["{{name}}:Inner"] + c.Configuration["{{name}}:Other"]); }""",
            $$$"""{"{{{name}}}":{"Inner":"file","Other":"file"}}""");

        Assert.Equal("\"environmentfile\"", (await project.InvokeAsync("f", "{}")).Result);
    }

    [Theory]
    [InlineData(null, new[] { "debug", "info", "warning" })]
    [InlineData("""{"Logging":{"LogLevel":{"Default":"Information"}}}""", new[] { "info", "warning" })]
    [InlineData("""{"Logging":{"LogLevel":{"Default":"Debug"}}}""", new[] { "debug", "info", "warning" })]
    [InlineData("""{"Logging":{"LogLevel":{"Default":"Debug","cloudfunction":"Warning"}}}""", new[] { "warning" })]
    public async Task Load_LogLevels_AreThoseOfTheConfiguration(string? appSettings, string[] messages)
    {
        await using var project = TestProject.Load(
            """
            public class F : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t)
                {
                    c.Logger.LogDebug("debug");
                    c.Logger.LogInformation("info");
                    c.Logger.LogWarning("warning");
                    return default;
                }
            }
            """,
            appSettings);

        await project.InvokeAsync("f", "{}");

        Assert.Equal(messages, project.Logs.Records.Select(r => r.Message));
    }

    [Fact]
    public async Task Load_StartupThatClearsLogProviders_StillLogs()
    {
        await using var project = TestProject.Load("""
            public class F(ILogger<F> logger) : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t)
                {
                    logger.LogInformation("kept");
                    return default;
                }
            }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection s, IConfiguration c) => s.AddLogging(b => b.ClearProviders());
            }
            """);

        await project.InvokeAsync("f", "{}");

        Assert.Equal("kept", Assert.Single(project.Logs.Records).Message);
    }

    [Fact]
    public async Task Load_Project_FindsTheUsualServices()
    {
        await using var project = TestProject.Load("""
            public class Settings { public string Name { get; set; } = "default"; }
            public class F(
                IConfiguration configuration, ILoggerFactory factory, ILogger<F> logger, IOptions<Settings> options,
                IOptionsMonitor<Settings> monitor, TimeProvider time) : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) =>
                    new($"{ReferenceEquals(configuration, c.Configuration)} {options.Value.Name} {monitor.CurrentValue.Name}");
            }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection s, IConfiguration c) => s.Configure<Settings>(o => o.Name = "set");
            }
            """);

        Assert.Equal("\"True set set\"", (await project.InvokeAsync("f", "{}")).Result);
    }

    [Fact]
    public async Task Dispose_Project_DisposesSingletonsAndLeavesTheProvider()
    {
        var project = TestProject.Load(Function + """
            public class Shared : IAsyncDisposable
            {
                public ValueTask DisposeAsync() { Seen.Events.Enqueue("singleton"); throw new FormatException("no"); }
            }
            public class G(Shared shared) : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default;
            }
            public class S : IFunctionStartup { public void ConfigureServices(IServiceCollection s, IConfiguration c) => s.AddSingleton<Shared>(); }
            """);
        await project.InvokeAsync("g", "{}");
        var events = project.Events;

        await project.DisposeAsync();

        Assert.Equal(["singleton"], events);
        Assert.False(project.Logs.IsDisposed);
        Assert.Equal((LogLevel.Error, "no"), project.Logs.Records.Select(r => (r.Level, r.Exception!.Message)).Single());
    }
}
