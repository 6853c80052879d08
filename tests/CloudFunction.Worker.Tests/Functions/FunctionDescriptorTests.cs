using System.Text;
using System.Text.Json.Nodes;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Worker.Tests.Functions;

public sealed class FunctionDescriptorTests
{
    [Fact]
    public async Task Schemas_OfATypedFunction_DescribeItsTypes()
    {
        await using var project = TestProject.Load("""
            using System.ComponentModel;
            [Description("An order.")]
            public record Order(
                [property: Description("Its id.")] string Id, [Description("How many.")] int Count, string? Note = null, Size Size = default);
            [JsonConverter(typeof(JsonStringEnumConverter<Size>))] public enum Size { Small, Large }
            [Function("typed", Description = "Orders.", TimeoutSeconds = 1.5, MaxConcurrent = 2, MaxAttempts = 3)]
            public class Typed : IFunction<Order, List<Order>>
            {
                public ValueTask<List<Order>> InvokeAsync(Order r, FunctionContext c, CancellationToken t) => default;
            }
            """);
        var descriptor = project.Invoker("typed").Descriptor;

        var parameters = Parse(descriptor.GetParametersSchema());
        var response = Parse(descriptor.GetResponseSchema());

        Assert.Equal("An order.", (string?)parameters["description"]);
        Assert.Equal("object", (string?)parameters["type"]);
        Assert.Equal("Its id.", (string?)parameters["properties"]!["id"]!["description"]);
        Assert.Equal("How many.", (string?)parameters["properties"]!["count"]!["description"]);
        Assert.Equal("""["Small","Large"]""", parameters["properties"]!["size"]!["enum"]!.ToJsonString());
        Assert.Equal("""["id","count"]""", parameters["required"]!.ToJsonString());
        Assert.Equal("array", (string?)response["type"]);
        Assert.Equal(
            ("Orders.", TimeSpan.FromSeconds(1.5), 2, 3),
            (descriptor.Description, descriptor.Timeout!.Value, descriptor.MaxConcurrent, descriptor.MaxAttempts));
        Assert.Equal("Typed", descriptor.Implementation.Name);
    }

    [Fact]
    public async Task Schemas_OfFunctionsThatTakeAnything_AreEmpty()
    {
        await using var project = TestProject.Load("""
            public class Any : IFunction { public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default; }
            public class Element : IFunction<JsonElement, object>
            {
                public ValueTask<object> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default;
            }
            public class Site : IHttpFunction
            {
                public ValueTask InvokeAsync(FunctionHttpContext h, FunctionContext c, CancellationToken t) => default;
            }
            """);

        Assert.All(project.Loaded.Functions, f => Assert.Equal(
            ("{}", "{}"), (Encoding.UTF8.GetString(f.Descriptor.GetParametersSchema()), Encoding.UTF8.GetString(f.Descriptor.GetResponseSchema()))));
        Assert.All(
            project.Loaded.Functions, f => Assert.Equal((null, 0, 0), (f.Descriptor.Timeout, f.Descriptor.MaxConcurrent, f.Descriptor.MaxAttempts)));
    }

    [Fact]
    public async Task Schedules_OfAFunction_AreThoseOnItsClassInOrder()
    {
        await using var project = TestProject.Load("""
            [Schedule("0 8 * * 1", TimeZone = "Europe/Berlin", Payload = "{\"a\":1}", Misfire = MisfirePolicy.All, Overlap = OverlapPolicy.Replace)]
            [Schedule("@hourly")]
            public class Report : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default;
            }
            public class Derived : Report;
            """);

        Assert.Equal(
            [
                ("0 8 * * 1", "Europe/Berlin", "{\"a\":1}", MisfirePolicy.All, OverlapPolicy.Replace),
                ("@hourly", null, "{}", MisfirePolicy.Once, OverlapPolicy.Skip),
            ],
            project.Invoker("report").Descriptor.Schedules.Select(s => (s.Cron, s.TimeZone, s.Payload, s.Misfire, s.Overlap)));
        Assert.Empty(project.Invoker("derived").Descriptor.Schedules);
    }

    [Fact]
    public async Task ResponseSchema_OfAStreamingFunction_IsThatOfAnItem()
    {
        await using var project = TestProject.Load("""
            public class Items : IStreamingFunction<int, DateTime>
            {
                public async IAsyncEnumerable<DateTime> InvokeAsync(int r, FunctionContext c, CancellationToken t) { yield break; }
            }
            """);
        var descriptor = project.Invoker("items").Descriptor;

        Assert.Equal(FunctionKind.Streaming, descriptor.Kind);
        Assert.Equal("""{"type":"string","format":"date-time"}""", Encoding.UTF8.GetString(descriptor.GetResponseSchema()));
    }

    [Fact]
    public async Task ParametersSchema_OfANullableRequest_AllowsNull()
    {
        await using var project = TestProject.Load("""
            public record Order(string Id);
            public class Maybe : IFunction<Order?, int>
            {
                public ValueTask<int> InvokeAsync(Order? r, FunctionContext c, CancellationToken t) => default;
            }
            """);

        Assert.Equal("""["object","null"]""", Parse(project.Invoker("maybe").Descriptor.GetParametersSchema())["type"]!.ToJsonString());
    }

    [Fact]
    public async Task Schemas_ByTheProjectsOwnOptions_FollowThem()
    {
        await using var project = TestProject.Load("""
            public record Order(string OrderId);
            public class F : IFunction<Order, Order>
            {
                public ValueTask<Order> InvokeAsync(Order r, FunctionContext c, CancellationToken t) => new(r);
            }
            public class S : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
                    services.Configure<FunctionJsonOptions>(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
            }
            """);

        Assert.NotNull(Parse(project.Invoker("f").Descriptor.GetParametersSchema())["properties"]!["order_id"]);
        Assert.Equal("""{"order_id":"a"}""", (await project.InvokeAsync("f", """{"order_id":"a"}""")).Result);
    }

    /// <summary>Numbers may be read from strings, and are written as numbers: unless it is set otherwise.</summary>
    [Fact]
    public async Task Schemas_OfNumbers_AreThoseOfWhatIsReadAndOfWhatIsWritten()
    {
        await using var project = TestProject.Load("""
            public class Numbers
            {
                public int Words { get; set; }
                public double? Mean { get; set; }
                public List<long> Each { get; set; } = [];
                [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] public decimal Sum { get; set; }
                public string Text { get; set; } = "";
            }
            public class F : IFunction<Numbers, Numbers>
            {
                public ValueTask<Numbers> InvokeAsync(Numbers r, FunctionContext c, CancellationToken t) => new(r);
            }
            """);
        var parameters = Parse(project.Invoker("f").Descriptor.GetParametersSchema())["properties"]!;
        var response = Parse(project.Invoker("f").Descriptor.GetResponseSchema())["properties"]!;

        Assert.Equal("""["string","integer"]""", parameters["words"]!["type"]!.ToJsonString());
        Assert.Equal("""{"type":"integer"}""", response["words"]!.ToJsonString());
        Assert.Equal("""{"type":["number","null"]}""", response["mean"]!.ToJsonString());
        Assert.Equal("""{"type":"integer"}""", response["each"]!["items"]!.ToJsonString());
        Assert.Equal("string", (string?)response["sum"]!["type"]);
        Assert.Equal("""{"type":"string"}""", response["text"]!.ToJsonString());
    }

    private static JsonNode Parse(byte[] schema) => JsonNode.Parse(schema)!;
}
