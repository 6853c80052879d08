using System.Text.Json;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Tests.Functions;

public sealed class InvocationContextTests
{
    private const string Signature =
        "public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)";

    private static readonly UInt128 Id = new(0x0123456789abcdef, 0x00000000000000ff);

    [Fact]
    public async Task Members_OfAnInvocation_TellWhatTheHostSaid()
    {
        await using var project = TestProject.Load(
            $$"""
            [Function("all")] public class F : IFunction
            {
                {{Signature}} => new
                {
                    context.InvocationId, context.Project, context.Function, context.Version, context.Attempt, context.Deadline,
                    context.DataDirectory,
                    Trace = context.Trace.TraceId.ToHexString() + context.Trace.SpanId.ToHexString() + context.Trace.IsRemote,
                    Setting = context.Configuration["A:B"], Exists = Directory.Exists(context.DataDirectory),
                };
            }
            """,
            """{"A":{"B":"from file"}}""");

        var outcome = await project.InvokeAsync(
            "all",
            new("{}"u8.ToArray()),
            new InvocationMetadata(Id, 3, TestProject.Deadline, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        using var result = JsonDocument.Parse(outcome.Result);
        var root = result.RootElement;
        Assert.Equal("0123456789abcdef00000000000000ff", root.GetProperty("invocationId").GetString());
        Assert.Equal("shop", root.GetProperty("project").GetString());
        Assert.Equal("all", root.GetProperty("function").GetString());
        Assert.Equal(7, root.GetProperty("version").GetInt32());
        Assert.Equal(3, root.GetProperty("attempt").GetInt32());
        Assert.Equal(TestProject.Deadline, root.GetProperty("deadline").GetDateTimeOffset());
        Assert.Equal(project.DataDirectory, root.GetProperty("dataDirectory").GetString());
        Assert.True(root.GetProperty("exists").GetBoolean());
        Assert.Equal("0af7651916cd43dd8448eb211c80319cb7ad6b7169203331True", root.GetProperty("trace").GetString());
        Assert.Equal("from file", root.GetProperty("setting").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("garbage")]
    public async Task Trace_WithoutAValidOne_IsTheDefault(string? traceParent)
    {
        await using var project = TestProject.Load($"public class F : IFunction {{ {Signature} => context.Trace == default; }}");

        Assert.Equal(
            "true", (await project.InvokeAsync("f", new("{}"u8.ToArray()), new InvocationMetadata(Id, 1, TestProject.Deadline, traceParent))).Result);
    }

    [Fact]
    public async Task Services_OfAnInvocation_AreOneScopeOfItsOwn()
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction
            {
                {{Signature}} => $"{context.Services.GetRequiredService<Scoped>().Number} {context.Services.GetRequiredService<Scoped>().Number}";
            }
            public class Scoped : IDisposable
            {
                private static int _last;
                public int Number { get; } = ++_last;
                public void Dispose() => Seen.Events.Enqueue($"disposed {Number}");
            }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddScoped<Scoped>();
            }
            """);

        Assert.Equal("\"1 1\"", (await project.InvokeAsync("f", "{}")).Result);
        Assert.Equal("\"2 2\"", (await project.InvokeAsync("f", "{}")).Result);
        Assert.Equal(["disposed 1", "disposed 2"], project.Events);
    }

    [Fact]
    public async Task Services_NotUsed_OpenNoScope()
    {
        await using var project = TestProject.Load($$"""
            public class Plain : IFunction { {{Signature}} => 1; }
            public class Asks : IFunction { {{Signature}} { _ = context.Services; return 1; } }
            """);
        var real = project.Invoker("plain");
        var counting = new CountingScopes();
        var context = new ProjectContext
        {
            Settings = new("shop", 7, "/", "/"),
            Configuration = null!,
            HasMiddleware = false,
            Scopes = counting,
            Logger = null!,
            Json = real.Descriptor.Json,
            Results = new ResultSerializer(real.Descriptor.Json),
            Lines = new ResultSerializer(real.Descriptor.Json, onOneLine: true),
        };
        foreach (var (name, scopes) in new[] { ("plain", 0), ("asks", 1) })
        {
            var descriptor = project.Invoker(name).Descriptor;
            var invoker = new UntypedInvoker(descriptor, context, new FunctionFactory(descriptor.Implementation.GetConstructor([])!, []));

            Assert.Null(
                await invoker.InvokeAsync(TestProject.Metadata(1), new("{}"u8.ToArray()), new System.Buffers.ArrayBufferWriter<byte>(), default));

            Assert.Equal((scopes, scopes), (counting.Created, counting.Disposed));
        }
    }

    [Fact]
    public async Task Services_AfterTheEnd_Throw()
    {
        await using var project = TestProject.Load(
            $"public class F : IFunction {{ public static FunctionContext? Kept; {Signature} {{ Kept = context; return 1; }} }}");
        await project.InvokeAsync("f", "{}");

        var kept = (FunctionContext)project.Invoker("f").Descriptor.Implementation.GetField("Kept")!.GetValue(null)!;

        Assert.Contains("IServiceScopeFactory", Assert.Throws<ObjectDisposedException>(() => kept.Services).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logger_AnyOfAnInvocation_CarriesItsId()
    {
        await using var project = TestProject.Load($$"""
            public class F(ILogger<F> injected, Shared shared) : IFunction
            {
                {{Signature}}
                {
                    context.Logger.LogInformation("context");
                    await Task.Yield();
                    injected.LogWarning("injected");
                    await Task.Run(() => shared.Log());
                    var flow = ExecutionContext.SuppressFlow();
                    var elsewhere = Task.Run(() => context.Logger.LogInformation("without flow"));
                    flow.Undo();
                    await elsewhere;
                    return 1;
                }
            }
            public class Shared(ILogger<Shared> logger) { public void Log() => logger.LogInformation("singleton"); }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<Shared>();
            }
            """);

        await project.InvokeAsync("f", new("{}"u8.ToArray()), TestProject.Metadata(Id));

        Assert.Equal(
            [("cloudfunction.projects.shop", "context"), ("F", "injected"), ("Shared", "singleton"), ("cloudfunction.projects.shop", "without flow")],
            project.Logs.Records.Select(r => (r.Category, r.Message)));
        Assert.All(project.Logs.Records, r => Assert.Equal(("0123456789abcdef00000000000000ff", "f"), (r.InvocationId, r.Function)));
    }

    [Fact]
    public async Task Logger_OverlappingInvocations_AreNotMixedUp()
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction
            {
                private static readonly Barrier Both = new(2);
                {{Signature}}
                {
                    await Task.Run(() => Both.SignalAndWait(TimeSpan.FromSeconds(30)));
                    context.Logger.LogInformation("{Id}", context.InvocationId);
                    return 1;
                }
            }
            """);

        await Task.WhenAll(
            project.InvokeAsync("f", new("{}"u8.ToArray()), TestProject.Metadata(1)),
            project.InvokeAsync("f", new("{}"u8.ToArray()), TestProject.Metadata(2)));

        Assert.Equal(2, project.Logs.Records.Count);
        Assert.All(project.Logs.Records, r => Assert.Equal(r.Message, r.InvocationId));
    }

    private sealed class CountingScopes : IServiceScopeFactory, IServiceScope
    {
        public int Created { get; private set; }

        public int Disposed { get; private set; }

        public IServiceProvider ServiceProvider => null!;

        public IServiceScope CreateScope()
        {
            Created++;
            return this;
        }

        public void Dispose() => Disposed++;
    }
}
