using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

public sealed class RequestRulesTests
{
    private const string Source = """
        using System.ComponentModel.DataAnnotations;

        public sealed record Order(
            [property: Required, StringLength(5)] string? Customer,
            [Range(1, 10)] int Count,
            List<Line>? Lines = null,
            Dictionary<string, Line>? Named = null,
            Order? Before = null);

        public sealed class Line : IValidatableObject
        {
            [EmailAddress]
            public string? Mail { get; set; }

            public decimal From { get; set; }

            public decimal To { get; set; }

            public IEnumerable<ValidationResult> Validate(ValidationContext context)
            {
                if (From > To)
                {
                    yield return new ValidationResult("From is greater than To.", [nameof(From)]);
                }
            }
        }

        public class Take : IFunction<Order, int>
        {
            public static int Runs;
            public ValueTask<int> InvokeAsync(Order request, FunctionContext context, CancellationToken cancellationToken) => new(++Runs);
        }

        public sealed class Breaks : ValidationAttribute
        {
            protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
                throw new ArithmeticException("The rule is broken.");
        }

        public sealed record Odd([Breaks] int Number);

        public sealed class Getter
        {
            [Range(1, 10)]
            public int Number => throw new ArithmeticException("The property is broken.");
        }

        public sealed class Own : IValidatableObject
        {
            public string? Name { get; set; }

            public IEnumerable<ValidationResult> Validate(ValidationContext context) =>
                Name!.Length > 3 ? [] : throw new ArithmeticException("The object is broken.");
        }

        public sealed record Parts(List<Own> Items);

        public static class Others
        {
            [Function("take-getter")]
            public static int Take(Getter request) => 1;

            [Function("take-parts")]
            public static int Take(Parts request) => 1;
        }

        public class TakeOdd : IFunction<Odd, int>
        {
            public ValueTask<int> InvokeAsync(Odd request, FunctionContext context, CancellationToken cancellationToken) => new(request.Number);
        }

        public sealed class Lists
        {
            [Range(1, 10)]
            public int Count { get; set; }

            public System.Collections.Immutable.ImmutableArray<Line> Lines { get; set; }

            public System.Collections.Immutable.ImmutableArray<int> Numbers { get; set; }
        }

        public class TakeLists : IFunction<Lists, int>
        {
            public ValueTask<int> InvokeAsync(Lists request, FunctionContext context, CancellationToken cancellationToken) => new(request.Count);
        }
        """;

    [Fact]
    public async Task Invoke_AllIsRight_Runs()
    {
        await using var project = TestProject.Load(Source);

        Assert.Null((await project.InvokeAsync("take", """{"customer":"Ada","count":3,"lines":[{"mail":"a@b.c","from":1,"to":2}]}""")).Failure);
    }

    [Theory]
    [InlineData("""{"count":1}""", null)]
    [InlineData("""{"count":1,"lines":[],"numbers":[1,2]}""", null)]
    [InlineData("""{"count":1,"lines":[{"mail":"a@b.c"}]}""", null)]
    [InlineData("""{"count":1,"lines":[{"mail":"a@b.c"},{"mail":"none"}]}""", "$.lines[1].mail")]
    public async Task Invoke_ArraysThatMayBeMissing_AreCheckedWhereTheyAreThere(string json, string? field)
    {
        await using var project = TestProject.Load(Source);

        Assert.Equal(field, (await project.InvokeAsync("take-lists", json)).Failure?.Field);
    }

    [Fact]
    public async Task Invoke_MuchIsWrong_SaysAllOfItWithItsPlacesAndDoesNotRun()
    {
        await using var project = TestProject.Load(Source);

        var failure = (await project.InvokeAsync(
            "take",
            """{"customer":null,"count":11,"lines":[{"mail":"a@b.c"},"""
            + """{"mail":"none","from":2,"to":1}],"named":{"x":{"mail":"none"}},"before":{"customer":"too long","count":0}}""")).Failure;

        Assert.Equal((FailureKind.InvalidPayload, "$.customer"), (failure!.Kind, failure.Field));
        foreach (var path in new[]
        {
            "$.customer: ",
            "$.count: ",
            "$.lines[1].mail: ",
            "$.lines[1].from: From is greater than To.",
            "$.named.x.mail: ",
            "$.before.customer: ",
            "$.before.count: ",
        })
        {
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("$.lines[0]", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await project.InvokeAsync("take", """{"customer":"Ada","count":3}""")).Result);
    }

    [Fact]
    public async Task Invoke_ManyAreWrong_SaysSomeOfThem()
    {
        await using var project = TestProject.Load(Source);
        var lines = string.Join(',', Enumerable.Repeat("""{"mail":"none"}""", 10_000));

        var failure = (await project.InvokeAsync("take", "{\"customer\":\"Ada\",\"count\":1,\"lines\":[" + lines + "]}")).Failure;

        Assert.InRange(failure!.Message.Length, 1000, 10_000);
    }

    [Theory]
    [InlineData("take-odd", """{"number":1}""", "$.number", "The rule is broken.")]
    [InlineData("take-getter", "{}", "$.number", "The property is broken.")]
    [InlineData("take-parts", """{"items":[{"name":"long"},{"name":"a"}]}""", "$.items[1]", "The object is broken.")]
    [InlineData("take-parts", """{"items":[{"name":"long"},{}]}""", "$.items[1]", "Object reference not set to an instance of an object.")]
    public async Task Invoke_ARuleThrows_IsThePayloadsFaultAtItsPath(string function, string payload, string path, string message)
    {
        await using var project = TestProject.Load(Source);

        var failure = (await project.InvokeAsync(function, payload)).Failure;

        Assert.Equal((FailureKind.InvalidPayload, $"{path}: {message}", path), (failure!.Kind, failure.Message, failure.Field));
    }
}
