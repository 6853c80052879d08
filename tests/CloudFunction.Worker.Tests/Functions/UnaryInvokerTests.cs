using System.Buffers;
using System.Globalization;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

/// <summary>From the request to the result, and what is left behind.</summary>
public sealed class UnaryInvokerTests
{
    private const string Signature =
        "public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)";

    [Theory]
    [InlineData("return new { FirstName = \"<Ä&\\\"\", Missing = (string?)null };", """{"firstName":"<Ä&\"","missing":null}""")]
    [InlineData("return null;", "null")]
    [InlineData("await Task.Yield(); return 1;", "1")]
    [InlineData("return payload;", """{"a":[1,2]}""")]
    [InlineData("return new List<object> { 1, \"x\", DateTimeOffset.UnixEpoch };", """[1,"x","1970-01-01T00:00:00+00:00"]""")]
    public async Task Result_Serializable_IsWholeJson(string body, string expected)
    {
        await using var project = TestProject.Load($"public class F : IFunction {{ {Signature} {{ {body} }} }}");

        Assert.Equal(expected, (await project.InvokeAsync("f", """{"a":[1,2]}""")).Result);
    }

    [Theory]
    [InlineData("var a = new List<object>(); a.Add(a); return a;", "cycle")]
    [InlineData("return double.NaN;", "infinity")]
    [InlineData("return float.PositiveInfinity;", "nfinit")]
    [InlineData("return typeof(int);", "not supported")]
    [InlineData("return (Action)(() => { });", "Action")]
    [InlineData("return new Bad();", "The getter broke.")]
    [InlineData("return new Half();", "JSON")]
    public async Task Result_NotSerializable_IsTheFunctionsFaultInClearText(string body, string part)
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction { {{Signature}} { {{body}} } }
            public class Bad { public int Value => throw new InvalidOperationException("The getter broke."); }
            [JsonConverter(typeof(HalfConverter))] public class Half { }
            public class HalfConverter : JsonConverter<Half>
            {
                public override Half? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => null;
                public override void Write(Utf8JsonWriter writer, Half value, JsonSerializerOptions options) => writer.WriteStartObject();
            }
            """);

        var failure = (await project.InvokeAsync("f", "{}")).Failed(FailureKind.FunctionFailed);

        Assert.StartsWith("The result cannot be serialized as JSON: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.ExceptionType);
    }

    [Fact]
    public async Task Result_LargerThanTheWriterTakes_NamesTheSetting()
    {
        await using var project = TestProject.Load($"public class F : IFunction {{ {Signature} {{ return new string('x', 5000); }} }}");

        var failure = await project.Invoker("f").InvokeAsync(TestProject.Metadata(1), new("{}"u8.ToArray()), new FullWriter(1000), default);

        Assert.Equal(FailureKind.FunctionFailed, failure?.Kind);
        Assert.Contains("MAX_RESPONSE_BYTES", failure!.Message, StringComparison.Ordinal);
        Assert.Contains("1000", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("throw new InvalidOperationException(\"No stock.\");", "System.InvalidOperationException", "No stock.")]
    [InlineData("await Task.Yield(); throw new FormatException(\"Late.\");", "System.FormatException", "Late.")]
    [InlineData(
        "throw new System.Reflection.TargetInvocationException(new ArithmeticException(\"Inner.\"));", "System.ArithmeticException", "Inner.")]
    [InlineData("throw new OperationCanceledException(\"Mine.\");", "System.OperationCanceledException", "Mine.")]
    [InlineData("throw new Mute();", "Mute", "The exception's message cannot be read.")]
    public async Task Function_Throws_FailsWithTypeAndMessage(string body, string type, string message)
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction { {{Signature}} { {{body}} } }
            public class Mute : Exception { public override string Message => throw new Exception("no"); }
            """);

        var outcome = await project.InvokeAsync("f", "{}");

        var failure = outcome.Failed(FailureKind.FunctionFailed);
        Assert.Equal((type, message), (failure.ExceptionType, failure.Message));
        Assert.Equal(type, failure.Exception?.GetType().FullName);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task Constructor_Throws_FailsWithItsException()
    {
        await using var project = TestProject.Load(
            $"public class F : IFunction {{ public F() => throw new FormatException(\"In constructor.\"); {Signature} => 1; }}");

        var failure = (await project.InvokeAsync("f", "{}")).Failed(FailureKind.FunctionFailed);

        Assert.Equal(("System.FormatException", "In constructor."), (failure.ExceptionType, failure.Message));
    }

    [Fact]
    public async Task Function_CancelledByItsToken_IsCancelled()
    {
        await using var project = TestProject.Load(
            $"public class F : IFunction {{ {Signature} {{ await Task.Delay(-1, cancellationToken); return 1; }} }}");
        using var source = new CancellationTokenSource();

        var running = project.InvokeAsync("f", "{}", source.Token);
        Assert.False(running.IsCompleted);
        await source.CancelAsync();

        (await running).Failed(FailureKind.Cancelled);
    }

    [Fact]
    public async Task Function_ReturnsAfterItsToken_ItsResultIsDropped()
    {
        await using var project = TestProject.Load($"public class F : IFunction {{ {Signature} {{ return 1; }} }}");

        var outcome = await project.InvokeAsync("f", "{}", new CancellationToken(canceled: true));

        outcome.Failed(FailureKind.Cancelled);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task Payload_Invalid_NeverReachesTheFunction()
    {
        await using var project = TestProject.Load(
            $"public class F : IFunction {{ public F() => Seen.Events.Enqueue(\"made\"); {Signature} => 1; }}");

        (await project.InvokeAsync("f", "{")).Failed(FailureKind.InvalidPayload);

        Assert.Empty(project.Events);
    }

    [Fact]
    public async Task Function_OfEachCall_IsItsOwnInstance()
    {
        await using var project = TestProject.Load($"public class F : IFunction {{ private int _calls; {Signature} => ++_calls; }}");

        Assert.Equal("1", (await project.InvokeAsync("f", "{}")).Result);
        Assert.Equal("1", (await project.InvokeAsync("f", "{}")).Result);
    }

    [Theory]
    [InlineData("IDisposable", "public void Dispose()")]
    [InlineData("IAsyncDisposable", "public async ValueTask DisposeAsync()")]
    [InlineData("IDisposable, IAsyncDisposable", "public void Dispose() => Seen.Events.Enqueue(\"wrong\"); public async ValueTask DisposeAsync()")]
    public async Task Function_Disposable_IsDisposedAfterSerializationAndBeforeItsServices(string interfaces, string method)
    {
        await using var project = TestProject.Load($$"""
            public class F(Scoped scoped) : IFunction, {{interfaces}}
            {
                {{Signature}} => new Result();
                {{method}} => Seen.Events.Enqueue("function");
            }
            public class Result { public int Value { get { Seen.Events.Enqueue("serialized"); return 1; } } }
            public class Scoped : IAsyncDisposable { public async ValueTask DisposeAsync() { await Task.Yield(); Seen.Events.Enqueue("service"); } }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddScoped<Scoped>();
            }
            """);

        Assert.Equal("""{"value":1}""", (await project.InvokeAsync("f", "{}")).Result);

        Assert.Equal(["serialized", "function", "service"], project.Events);
    }

    [Fact]
    public async Task Function_ThatFailed_IsDisposedToo()
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction, IDisposable
            {
                {{Signature}} => throw new FormatException();
                public void Dispose() => Seen.Events.Enqueue("disposed");
            }
            """);

        (await project.InvokeAsync("f", "{}")).Failed(FailureKind.FunctionFailed);

        Assert.Equal(["disposed"], project.Events);
    }

    [Fact]
    public async Task Dispose_Fails_IsOnlyLoggedAndTheRestIsDisposed()
    {
        await using var project = TestProject.Load($$"""
            public class F(Scoped scoped) : IFunction, IDisposable
            {
                {{Signature}} => 1;
                public void Dispose() => throw new FormatException("Dispose broke.");
            }
            public class Scoped : IDisposable { public void Dispose() => Seen.Events.Enqueue("service"); }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddScoped<Scoped>();
            }
            """);

        Assert.Equal("1", (await project.InvokeAsync("f", new("{}"u8.ToArray()), TestProject.Metadata(5))).Result);

        Assert.Equal(["service"], project.Events);
        var record = Assert.Single(project.Logs.Records);
        Assert.Equal("Dispose broke.", record.Exception?.Message);
        Assert.Equal("00000000000000000000000000000005", record.InvocationId);
    }

    [Fact]
    public async Task Function_WithParameters_GetsScopedKeyedAndDefaultServices()
    {
        await using var project = TestProject.Load($$"""
            public class F(
                Scoped scoped, [FromKeyedServices("k")] string keyed, IServiceProvider services, TimeProvider time,
                string text = "default", int number = 5) : IFunction
            {
                {{Signature}} =>
                    $"{ReferenceEquals(scoped, context.Services.GetService<Scoped>())} "
                    + $"{ReferenceEquals(scoped, services.GetService<Scoped>())} "
                    + $"{keyed} {text} {number} {ReferenceEquals(time, TimeProvider.System)}";
            }
            public class Scoped;
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
                    services.AddScoped<Scoped>().AddKeyedSingleton("k", "keyed");
            }
            """);

        Assert.Equal("\"True True keyed default 5 True\"", (await project.InvokeAsync("f", "{}")).Result);
    }

    [Fact]
    public async Task Caller_AfterACall_KeepsItsContextAndCulture()
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction
            {
                public static readonly AsyncLocal<string> Local = new();
                public F() => Change("constructor");
                {{Signature}} { var before = Local.Value; Change("function"); return before; }
                private static void Change(string value)
                {
                    Local.Value = value;
                    CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
                    SynchronizationContext.SetSynchronizationContext(new());
                }
            }
            public class G : IFunction { {{Signature}} => (F.Local.Value ?? "clean") + CultureInfo.CurrentCulture.Name; }
            """);
        var culture = CultureInfo.CurrentCulture;
        var synchronization = SynchronizationContext.Current;
        var metadata = TestProject.Metadata(1);
        var output = new ArrayBufferWriter<byte>();

        // Not awaited in between: an await would restore the context by itself.
        var first = project.Invoker("f").InvokeAsync(in metadata, new("{}"u8.ToArray()), output, default);
        Assert.Equal(culture, CultureInfo.CurrentCulture);
        Assert.Same(synchronization, SynchronizationContext.Current);
        Assert.Null(InvocationScope.Current);
        var second = project.Invoker("g").InvokeAsync(in metadata, new("{}"u8.ToArray()), output, default);

        Assert.Null(await first);
        Assert.Null(await second);
        Assert.Equal($"\"constructor\"\"clean{culture.Name}\"", System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public async Task Converter_ThatCallsAFunctionAgain_SpoilsNoResult()
    {
        await using var project = TestProject.Load($$"""
            public class F : IFunction { {{Signature}} => new[] { new Again(), new Again() }; }
            public class Inner : IFunction { {{Signature}} => new { inner = 1 }; }
            [JsonConverter(typeof(AgainConverter))] public class Again { }
            public class AgainConverter : JsonConverter<Again>
            {
                public static Func<string> Call = () => "";
                public override Again? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => null;
                public override void Write(Utf8JsonWriter writer, Again value, JsonSerializerOptions options) => writer.WriteStringValue(Call());
            }
            """);
        var call = project.Invoker("f").Descriptor.Implementation.Assembly.GetType("AgainConverter")!.GetField("Call")!;
        call.SetValue(null, () =>
        {
            // It ends synchronously, on this thread, in the middle of the outer result.
            var inner = project.InvokeAsync("inner", "{}");
            Assert.True(inner.IsCompletedSuccessfully);
            return inner.GetAwaiter().GetResult().Result;
        });
        await project.InvokeAsync("inner", "{}");

        Assert.Equal("""["{\"inner\":1}","{\"inner\":1}"]""", (await project.InvokeAsync("f", "{}")).Result);
    }

    [Fact]
    public async Task HttpFunction_InvokedForOneResult_SaysWhereItIsServed()
    {
        await using var project = TestProject.Load("""
            public class Site : IHttpFunction
            {
                public ValueTask InvokeAsync(FunctionHttpContext h, FunctionContext c, CancellationToken t) => default;
            }
            """);

        Assert.Contains("/fn/", (await project.InvokeAsync("site", "1")).Failed(FailureKind.InvalidPayload).Message, StringComparison.Ordinal);
    }

    private sealed class FullWriter(int limit) : IBufferWriter<byte>
    {
        private readonly ArrayBufferWriter<byte> _inner = new();

        public void Advance(int count)
        {
            _inner.Advance(count);
            if (_inner.WrittenCount > limit)
            {
                throw new ResultTooLargeException(limit);
            }
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);
    }
}
