using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

/// <summary>What runs around every invocation of a project.</summary>
public sealed class MiddlewareTests
{
    private const string Body = """
        public sealed record Order([property: System.ComponentModel.DataAnnotations.Required] string? Customer);

        public sealed class Startup : IFunctionStartup
        {
            public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
                services.AddScoped<State>().AddFunctionMiddleware<Outer>().AddFunctionMiddleware<Inner>();
        }

        public sealed class State { public string Name = "none"; }

        public sealed class Outer(State state) : IFunctionMiddleware
        {
            public async ValueTask InvokeAsync(FunctionInvocation invocation, FunctionNext next, CancellationToken cancellationToken)
            {
                state.Name = "outer";
                Seen.Events.Enqueue($"outer {invocation.Context.Function}");
                try { await next(cancellationToken); }
                finally { Seen.Events.Enqueue($"outer done {invocation.Response ?? "null"}"); }
            }
        }

        public sealed class Inner : IFunctionMiddleware, IDisposable
        {
            public async ValueTask InvokeAsync(FunctionInvocation invocation, FunctionNext next, CancellationToken cancellationToken)
            {
                Seen.Events.Enqueue("inner");
                INNER
            }
            public void Dispose() => Seen.Events.Enqueue("inner disposed");
        }

        public sealed class Take(State state) : IFunction<Order, string>, IDisposable
        {
            public ValueTask<string> InvokeAsync(Order request, FunctionContext context, CancellationToken cancellationToken)
            {
                if (request.Customer == "bad") { throw new ArithmeticException("bad"); }
                return new($"{request.Customer} by {state.Name}");
            }
            public void Dispose() => Seen.Events.Enqueue("disposed");
        }

        public static class Methods
        {
            [Function] public static int Number(int number) => number;
            [Function] public static async IAsyncEnumerable<int> Items(int to)
            {
                for (var i = 1; i <= to; i++) { await Task.Yield(); yield return i; }
                Seen.Events.Enqueue("items over");
            }
        }
        """;

    private const string Next = "await next(cancellationToken);";

    [Fact]
    public async Task Invoke_RunsThemInOrderInTheCallsScope()
    {
        await using var project = Load(Next);

        Assert.Equal("\"Ada by outer\"", (await project.InvokeAsync("take", """{"customer":"Ada"}""")).Result);
        Assert.Equal(["outer take", "inner", "outer done Ada by outer", "disposed", "inner disposed"], project.Events);
    }

    [Fact]
    public async Task Invoke_OfAStream_RunsThemAroundAllItems()
    {
        await using var project = Load(Next);

        Assert.Equal("[1,2]", (await project.InvokeAsync("items", "2")).Result);
        Assert.Equal(["outer items", "inner", "items over", "outer done null", "inner disposed"], project.Events);
    }

    [Fact]
    public async Task Invoke_OfAnInvalidRequest_RunsNone()
    {
        await using var project = Load(Next);

        (await project.InvokeAsync("take", "{}")).Failed(FailureKind.InvalidPayload);
        Assert.Empty(project.Events);
    }

    [Fact]
    public async Task Invoke_OfAFunctionThatThrows_ThrowsThroughThem()
    {
        await using var project = Load(Next);

        Assert.Equal("bad", (await project.InvokeAsync("take", """{"customer":"bad"}""")).Failed(FailureKind.FunctionFailed).Message);
        Assert.Equal(["outer take", "inner", "outer done null", "disposed", "inner disposed"], project.Events);
    }

    [Theory]
    [InlineData(
        "take", """{"customer":"bad"}""",
        """try { await next(cancellationToken); } catch (ArithmeticException) { invocation.Response = "rescued"; }""", "\"rescued\"")]
    [InlineData("take", """{"customer":"Ada"}""", """invocation.Request = new Order("Bob"); await next(cancellationToken);""", "\"Bob by outer\"")]
    [InlineData("take", """{"customer":"Ada"}""", """await next(cancellationToken); invocation.Response += "!";""", "\"Ada by outer!\"")]
    [InlineData("take", """{"customer":"Ada"}""", "", "null")]
    [InlineData("number", "1", "invocation.Response = 5;", "5")]
    [InlineData("items", "2", "", "[]")]
    [InlineData("items", "1", "invocation.Request = 3; await next(cancellationToken);", "[1,2,3]")]
    public async Task Invoke_MiddlewareThatStepsIn_DecidesTheAnswer(string function, string request, string inner, string expected)
    {
        await using var project = Load(inner);

        Assert.Equal(expected, (await project.InvokeAsync(function, request)).Result);
    }

    [Theory]
    [InlineData("number", "1", "", "none set its Response")]
    [InlineData("number", "1", "invocation.Response = \"x\";", "The result of 'number' is of type System.Int32, and a middleware set System.String.")]
    [InlineData("number", "1", "invocation.Request = null;", "The request of 'number' is of type System.Int32, and a middleware set null.")]
    [InlineData("number", "1", "await next(cancellationToken); await next(cancellationToken);", "Inner called next a second time")]
    [InlineData("items", "1", "throw new ArithmeticException(\"of the middleware\");", "of the middleware")]
    public async Task Invoke_MiddlewareThatFails_FailsTheCall(string function, string request, string inner, string message)
    {
        await using var project = Load(inner);

        Assert.Contains(message, (await project.InvokeAsync(function, request)).Failed(FailureKind.FunctionFailed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_WithATokenOfTheMiddlewares_ReachesTheFunction()
    {
        await using var project = TestProject.Load("""
            public sealed class Startup : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddFunctionMiddleware<Short>();
            }
            public sealed class Short : IFunctionMiddleware
            {
                public ValueTask InvokeAsync(FunctionInvocation invocation, FunctionNext next, CancellationToken cancellationToken) =>
                    next(new CancellationToken(canceled: true));
            }
            public static class A { [Function] public static bool F(CancellationToken token) => token.IsCancellationRequested; }
            """);

        Assert.Equal("true", (await project.InvokeAsync("f")).Result);
    }

    private static TestProject Load(string inner) => TestProject.Load(Body.Replace("INNER", inner, StringComparison.Ordinal));
}
