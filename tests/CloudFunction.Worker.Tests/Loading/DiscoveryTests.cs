using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Loading;

namespace CloudFunction.Worker.Tests.Loading;

public class DiscoveryTests
{
    private const string Body =
        "{ public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) => default; }";

    [Fact]
    public void Of_EveryInterface_FindsAFunctionOfItsKind()
    {
        var found = Discover($$"""
            public class Any : IFunction {{Body}}
            public class Typed : IFunction<int, string>
            {
                public ValueTask<string> InvokeAsync(int r, FunctionContext c, CancellationToken t) => default;
            }
            public class Items : IStreamingFunction<int, string>
            {
                public async IAsyncEnumerable<string> InvokeAsync(int r, FunctionContext c, CancellationToken t) { yield break; }
            }
            public class Site : IHttpFunction
            {
                public ValueTask InvokeAsync(FunctionHttpContext h, FunctionContext c, CancellationToken t) => default;
            }
            """);

        Assert.Empty(found.Problems);
        Assert.Equal(
            [("any", FunctionKind.Unary), ("items", FunctionKind.Streaming), ("site", FunctionKind.Http), ("typed", FunctionKind.Unary)],
            found.Functions.Select(f => (f.Name, f.Kind)));
    }

    [Fact]
    public void Of_InheritedInterface_IsAFunction()
    {
        var found = Discover($$"""
            public abstract class Base<T> : IFunction<T, T>
            {
                public ValueTask<T> InvokeAsync(T r, FunctionContext c, CancellationToken t) => new(r);
            }
            public class Echo : Base<int>;
            """);

        Assert.Equal(["echo"], found.Functions.Select(f => f.Name));
        Assert.Equal([("Base`1", "it is abstract")], found.Skipped.Select(p => (p.Type, p.Reason)));
    }

    [Fact]
    public void Of_NestedPublicClass_IsAFunction() =>
        Assert.Equal(["inner"], Discover($$"""public class Outer { public class Inner : IFunction {{Body}} }""").Functions.Select(f => f.Name));

    [Theory]
    [InlineData("public abstract class Odd : IFunction", "abstract")]
    [InlineData("public class Odd<T> : IFunction", "generic")]
    [InlineData("internal class Odd : IFunction", "not public")]
    public void Of_CandidateThatIsNoFunction_IsNamedWithTheReason(string declaration, string reason)
    {
        var found = Discover($"public class Good : IFunction {Body} {declaration} {Body}");

        Assert.Equal(["good"], found.Functions.Select(f => f.Name));
        var skipped = Assert.Single(found.Skipped);
        Assert.StartsWith("Odd", skipped.Type, StringComparison.Ordinal);
        Assert.Contains(reason, skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_PublicClassInsideANonPublicOne_IsSkipped() =>
        Assert.Contains(
            "not public",
            Assert.Single(Discover($$"""internal class Outer { public class Inner : IFunction {{Body}} }""").Skipped).Reason,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    public void Of_NonPublicClassInBareFiles_IsAFunctionWhereTheBuildSaysSo(string value, int functions) =>
        Assert.Equal(functions, Discover($"""[assembly: System.Reflection.AssemblyMetadata("CloudFunction.NonPublicFunctions", "{value}")] class """
            + $"""Odd : IFunction {Body}""").Functions.Count);

    [Theory]
    [InlineData(
        "IFunction, IHttpFunction", "public ValueTask InvokeAsync(FunctionHttpContext h, FunctionContext c, CancellationToken t) => default;")]
    [InlineData("IFunction, IFunction<int, int>", "public ValueTask<int> InvokeAsync(int r, FunctionContext c, CancellationToken t) => default;")]
    public void Of_TwoInterfaces_IsAProblem(string interfaces, string member)
    {
        var problem = Assert.Single(Discover($"public class Both : {interfaces} {Body[..^1]} {member} }}").Problems);

        Assert.Contains("Both implements 2 function interfaces", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TwoClosedFormsOfOneInterface_IsAProblem() => Assert.Contains(
        "Both implements 2 function interfaces",
        Assert.Single(Discover("""
            public class Both : IFunction<int, int>, IFunction<string, int>
            {
                public ValueTask<int> InvokeAsync(int r, FunctionContext c, CancellationToken t) => default;
                public ValueTask<int> InvokeAsync(string r, FunctionContext c, CancellationToken t) => default;
            }
            """).Problems),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("Greet")]
    [InlineData("-greet")]
    [InlineData("_greet")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("grüß")]
    [InlineData("con")]
    [InlineData("lpt9")]
    [InlineData("greet\\n")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void Of_InvalidNameInAttribute_IsAProblemThatTellsTheRule(string name)
    {
        var problem = Assert.Single(Discover($"""[Function("{name}")] public class Greet : IFunction {Body}""").Problems);

        Assert.Contains("Greet is named", problem, StringComparison.Ordinal);
        Assert.Contains("1 to 63 of a-z", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("com10")]
    [InlineData("a")]
    [InlineData("0_-")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123")]
    public void Of_ValidNameInAttribute_IsTheName(string name) =>
        Assert.Equal(name, Assert.Single(Discover($"""[Function("{name}")] public class Greet : IFunction {Body}""").Functions).Name);

    [Fact]
    public void Of_ClassNameThatGivesNoValidName_IsAProblemWithTheFix() =>
        Assert.Contains(
            """give it one with [Function("name")]""",
            Assert.Single(Discover($"public class Größe : IFunction {Body}").Problems),
            StringComparison.Ordinal);

    [Fact]
    public void Of_TwoFunctionsOfOneName_IsAProblemThatNamesBoth()
    {
        var problem = Assert.Single(Discover($"""[Function("b")] public class A : IFunction {Body} public class B : IFunction {Body}""").Problems);

        Assert.Contains("A and B are both named 'b'", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TimeoutSeconds = -1")]
    [InlineData("TimeoutSeconds = double.NaN")]
    [InlineData("TimeoutSeconds = double.PositiveInfinity")]
    [InlineData("TimeoutSeconds = 1e9")]
    [InlineData("MaxConcurrent = -1")]
    [InlineData("MaxAttempts = -1")]
    public void Of_InvalidLimit_IsAProblemThatNamesIt(string setting)
    {
        var problem = Assert.Single(Discover($"[Function({setting})] public class Greet : IFunction {Body}").Problems);

        Assert.Contains($"Greet sets {setting[..setting.IndexOf(' ', StringComparison.Ordinal)]}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SeveralMistakes_TellsThemAll() =>
        Assert.Equal(4, Discover($"""
            [Function("A!")] public class A : IFunction {Body}
            [Function(MaxConcurrent = -1, MaxAttempts = -1)] public class B : IFunction {Body}
            public class S1 : IFunctionStartup {StartupBody}
            public class S2 : IFunctionStartup {StartupBody}
            """).Problems.Count);

    [Fact]
    public void Of_NoFunction_IsAProblemThatNamesWhatWasSkipped()
    {
        var problem = Assert.Single(Discover($"class Hidden : IFunction {Body}").Problems);

        Assert.Contains("Shop has no function", problem, StringComparison.Ordinal);
        Assert.Contains("Hidden was skipped: it is not public", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TwoStartups_IsAProblem() =>
        Assert.Contains("S1 and S2 implement IFunctionStartup", Assert.Single(Discover($"""
            public class A : IFunction {Body}
            public class S1 : IFunctionStartup {StartupBody}
            class S2 : IFunctionStartup {StartupBody}
            """).Problems), StringComparison.Ordinal);

    [Fact]
    public void Of_StartupWithoutParameterlessConstructor_IsAProblem() =>
        Assert.Contains("give it a parameterless constructor", Assert.Single(Discover($"""
            public class A : IFunction {Body}
            public class S(int x) : IFunctionStartup {StartupBody}
            """).Problems), StringComparison.Ordinal);

    [Fact]
    public void Of_AbstractStartup_DoesNotCount()
    {
        var found = Discover($"""
            public class A : IFunction {Body}
            public abstract class Base : IFunctionStartup {StartupBody}
            class S : Base;
            """);

        Assert.Empty(found.Problems);
        Assert.Equal("S", found.Startup?.Name);
    }

    private const string StartupBody = "{ public void ConfigureServices(IServiceCollection services, IConfiguration configuration) { } }";

    private static Discovery Discover(string source) => Discovery.Of(TestProject.Assemble(source));
}
