using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

/// <summary>Methods that are functions, from their signature to the result.</summary>
public sealed class MethodFunctionTests
{
    private const string Source = """
        public sealed record Order([property: System.ComponentModel.DataAnnotations.Required] string? Customer, int Count = 1);

        public sealed class Prices { public int Of(int count) => 10 * count; }

        public sealed class Startup : IFunctionStartup
        {
            public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
                services.AddScoped<Prices>().AddKeyedSingleton<Prices>("sale").AddSingleton<List<string>>();
        }

        public sealed class Orders(List<string> log) : IDisposable
        {
            [Function] public int PriceAsync(CancellationToken token, [FromServices] Prices prices, Order order, FunctionContext context) =>
                prices.Of(order.Count);
            [Function("taken", Description = "Takes it", TimeoutSeconds = 3, MaxConcurrent = 2, MaxAttempts = 4)]
            [Schedule("0 8 * * 1")]
            public async Task<string> Take(Order order) { await Task.Yield(); return order.Customer!; }
            [Function] public ValueTask<int> Sale(Order order, [FromKeyedServices("sale")] Prices prices) => new(prices.Of(order.Count) / 2);
            [Function] public Task Note(string text) { log.Add(text); return Task.CompletedTask; }
            [Function] public async ValueTask NoteLater(string? text) { await Task.Yield(); log.Add(text ?? "nothing"); }
            [Function] public void Forget() => log.Clear();
            [Function] public List<string> Notes(FunctionContext context) => [.. log, context.Function];
            [Function] public int Fails(int number) => throw new ArithmeticException($"It was {number}.");
            [Function] public Task<int> NoTask() => null!;
            [Function] public async IAsyncEnumerable<int> Items(
                int to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
            {
                for (var i = 1; i <= to; i++) { await Task.Yield(); yield return i; }
            }
            [Function] public static JsonElement Any(JsonElement any) => any;
            [Function] public static int? Missing([FromServices] Uri? uri = null) => uri is null ? 1 : 2;
            public void Dispose() => Seen.Events.Enqueue("disposed");
        }

        public static class Tools
        {
            [Function] public static string JoinFunction(string[] parts) => string.Concat(parts);
            [Function] public static int Sum(IEnumerable<int> numbers) => numbers.Sum();
        }
        """;

    [Theory]
    [InlineData("price", """{"customer":"Ada","count":3}""", "30")]
    [InlineData("taken", """{"customer":"Ada"}""", "\"Ada\"")]
    [InlineData("sale", """{"customer":"Ada","count":4}""", "20")]
    [InlineData("note", "\"one\"", "null")]
    [InlineData("note-later", null, "null")]
    [InlineData("forget", "{}", "null")]
    [InlineData("forget", null, "null")]
    [InlineData("notes", null, "[\"notes\"]")]
    [InlineData("items", "3", "[1,2,3]")]
    [InlineData("any", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("missing", null, "1")]
    [InlineData("sum", "[1,2]", "3")]
    [InlineData("join", """["a","b"]""", "\"ab\"")]
    public async Task Invoke_OfEachShape_GivesItsResult(string function, string? request, string expected)
    {
        await using var project = TestProject.Load(Source);

        Assert.Equal(expected, (await project.InvokeAsync(function, request)).Result);
    }

    [Fact]
    public async Task Invoke_MadeAnewForEachCall_IsDisposed()
    {
        await using var project = TestProject.Load(Source);

        await project.InvokeAsync("note", "\"one\"");
        Assert.Equal("[\"one\",\"notes\"]", (await project.InvokeAsync("notes")).Result);
        Assert.Equal(["disposed", "disposed"], project.Events);
    }

    [Fact]
    public async Task Invoke_ThatThrows_IsTheFunctionsFailureUnderItsOwnException()
    {
        await using var project = TestProject.Load(Source);

        var failure = (await project.InvokeAsync("fails", "7")).Failed(FailureKind.FunctionFailed);

        Assert.Equal(("It was 7.", typeof(ArithmeticException).FullName), (failure.Message, failure.ExceptionType));
    }

    [Fact]
    public async Task Invoke_ThatReturnsNoTask_SaysSo()
    {
        await using var project = TestProject.Load(Source);

        Assert.Contains(
            "Orders.NoTask returned null",
            (await project.InvokeAsync("no-task")).Failed(FailureKind.FunctionFailed).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("price", """{"customer":null}""", "$.customer")]
    [InlineData("price", null, "$")]
    [InlineData("note", "null", "$")]
    [InlineData("fails", "\"x\"", "$")]
    public async Task Invoke_WithAWrongRequest_IsInvalidBeforeItRuns(string function, string? request, string field)
    {
        await using var project = TestProject.Load(Source);

        Assert.Equal(field, (await project.InvokeAsync(function, request)).Failed(FailureKind.InvalidPayload).Field);
        Assert.Empty(project.Events);
    }

    [Fact]
    public async Task Descriptor_HasWhatTheAttributesAndTheSignatureSay()
    {
        await using var project = TestProject.Load(Source);

        var descriptor = project.Invoker("taken").Descriptor;

        Assert.Equal(
            ("Takes it", TimeSpan.FromSeconds(3), 2, 4, "Order", typeof(string), FunctionKind.Unary),
            (
                descriptor.Description,
                descriptor.Timeout,
                descriptor.MaxConcurrent,
                descriptor.MaxAttempts,
                descriptor.RequestType?.Name,
                descriptor.ResponseType,
                descriptor.Kind));
        Assert.Equal("0 8 * * 1", Assert.Single(descriptor.Schedules).Cron);
        Assert.Equal(FunctionKind.Streaming, project.Invoker("items").Descriptor.Kind);
        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(project.Invoker("forget").Descriptor.GetParametersSchema()));
    }

    [Theory]
    [InlineData("[Function] public int F(int a, string b) => 0;", "A.F takes both a and b from the request")]
    [InlineData("[Function] public int F(ref int a) => 0;", "A.F takes a by reference")]
    [InlineData("[Function] public int F(ReadOnlySpan<char> a) => 0;", "A.F takes a by reference or as a type that lives on the stack")]
    [InlineData("[Function] public async void F() => await Task.Yield();", "A.F is 'async void'")]
    [InlineData("[Function] public int F<T>() => 0;", "A.F has [Function] and is generic")]
    [InlineData("[Function] private int F() => 0;", "A.F has [Function] and is not public")]
    [InlineData("[Function] public int F([FromServices] Uri uri) => 0;", "A.F asks for System.Uri (uri), which nothing registers")]
    [InlineData(
        "[Function] public int F(ILogger<A> log) => 0;", "(log) from the request, and it is a registered service: mark it with [FromServices]")]
    [InlineData("[Function] public int F(FunctionHttpContext http) => 0;", "A.F takes a FunctionHttpContext, so it writes its response itself")]
    [InlineData("[Function(\"B!\")] public int F() => 0;", "A.F is named 'B!' by its attribute")]
    [InlineData("[Function(MaxConcurrent = -1)] public int F() => 0;", "A.F sets MaxConcurrent = -1")]
    [InlineData("[Function] public int F() => 0; [Function] public int FAsync() => 0;", "A.F and A.FAsync are both named 'f'")]
    public void Load_OfWhatIsNoFunction_SaysWhatIsWrongAndWhere(string members, string problem) =>
        Assert.Contains(problem, Assert.Single(TestProject.Refuse($"public class A {{ {members} }}")), StringComparison.Ordinal);

    [Fact]
    public void Load_InterfaceAndMethodInOneClass_IsRefused() => Assert.Contains(
        "its method F has [Function] as well",
        Assert.Single(TestProject.Refuse("""
            public class A : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) => default;
                [Function] public int F() => 0;
            }
            """)),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("public abstract class A", "abstract")]
    [InlineData("class A", "not public")]
    [InlineData("public class A<T>", "generic")]
    public void Load_MethodOfAClassThatIsSkipped_NamesTheReason(string declaration, string reason)
    {
        var problem = Assert.Single(TestProject.Refuse($"{declaration} {{ [Function] public int F() => 0; }}"));

        Assert.Contains("has no function", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NonPublicMethodInBareFiles_IsAFunction()
    {
        await using var project = TestProject.Load("""[assembly: System.Reflection.AssemblyMetadata("CloudFunction.NonPublicFunctions", "true")] """
            + """class A { [Function] static int F(int n) => n + 1; }""");

        Assert.Equal("3", (await project.InvokeAsync("f", "2")).Result);
    }
}
