namespace CloudFunction.Worker.Tests.Functions;

/// <summary>One project for all cases of <see cref="BindingTests"/>: compiling it takes longer than any of them.</summary>
public sealed class BindingProject : IAsyncLifetime
{
    private const string Source = """
        public record Order(string Id, int Count, double Price = 1, string? Note = null, List<Order>? Parts = null);
        public class Typed : IFunction<Order, string>
        {
            public ValueTask<string> InvokeAsync(Order r, FunctionContext c, CancellationToken t) => new($"{r.Id} {r.Count} {r.Price} {r.Note}");
        }
        public class Untyped : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) =>
                new(p.ValueKind == JsonValueKind.Null ? "null!" : p.GetRawText());
        }
        public class Element : IFunction<JsonElement, string>
        {
            public ValueTask<string> InvokeAsync(JsonElement r, FunctionContext c, CancellationToken t) => new(r.ValueKind.ToString());
        }
        public class Number : IFunction<int, int> { public ValueTask<int> InvokeAsync(int r, FunctionContext c, CancellationToken t) => new(r); }
        public class MaybeNumber : IFunction<int?, string>
        {
            public ValueTask<string> InvokeAsync(int? r, FunctionContext c, CancellationToken t) => new(r?.ToString() ?? "none");
        }
        public class MaybeOrder : IFunction<Order?, string>
        {
            public ValueTask<string> InvokeAsync(Order? r, FunctionContext c, CancellationToken t) => new(r?.Id ?? "none");
        }
        public class MaybeExplicit : IFunction<Order?, string>
        {
            ValueTask<string> IFunction<Order?, string>.InvokeAsync(Order? r, FunctionContext c, CancellationToken t) => new(r?.Id ?? "none");
        }
        #nullable disable
        public class Oblivious : IFunction<Order, string>
        {
            public ValueTask<string> InvokeAsync(Order r, FunctionContext c, CancellationToken t) => new(r.Id);
        }
        #nullable restore
        public interface IShape;
        public class Unbindable : IFunction<IShape, string>
        {
            public ValueTask<string> InvokeAsync(IShape r, FunctionContext c, CancellationToken t) => new("never");
        }
        public class Picky
        {
            public int Age { get; set { if (value < 0) throw new ArgumentOutOfRangeException("Age", "Nobody is that young."); field = value; } }
        }
        public class ThrowingSetter : IFunction<Picky, string>
        {
            public ValueTask<string> InvokeAsync(Picky r, FunctionContext c, CancellationToken t) => new("never");
        }
        [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")] [JsonDerivedType(typeof(Circle), "circle")]
        [JsonDerivedType(typeof(Noted), "node")] [JsonDerivedType(typeof(Group), "group")]
        public abstract record Form;
        public record Circle(double R) : Form;
        public record Noted(JsonObject O) : Form;
        public record Group(Form[] Items, Picky? Age) : Form;
        public record Even(int Number)
        {
            public int Number { get; } = Number % 2 == 0 ? Number : throw new ArgumentException("It is odd.");
        }
        public class Digits : JsonConverter<int>
        {
            public override int Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => int.Parse(r.GetString()!);
            public override void Write(Utf8JsonWriter w, int v, JsonSerializerOptions o) => w.WriteNumberValue(v);
        }
        public class Odd
        {
            public Form? Form { get; set; }
            public List<Form>? Forms { get; set; }
            public JsonObject? Node { get; set; }
            public Dictionary<string, JsonArray>? Nodes { get; set; }
            public List<Picky>? Pickies { get; set; }
            public Even? Even { get; set; }
            public IShape? Shape { get; set; }
            public Type? Type { get; set; }
            [JsonConverter(typeof(Digits))] public int Digits { get; set; }
            [JsonExtensionData] public JsonObject? Rest { get; set; }
        }
        public class OddFunction : IFunction<Odd, string>
        {
            public ValueTask<string> InvokeAsync(Odd r, FunctionContext c, CancellationToken t) => new("fits");
        }
        public class NodeFunction : IFunction<JsonObject, int>
        {
            public ValueTask<int> InvokeAsync(JsonObject r, FunctionContext c, CancellationToken t) => new(r.Count);
        }
        public class FormFunction : IFunction<Form, string>
        {
            public ValueTask<string> InvokeAsync(Form r, FunctionContext c, CancellationToken t) => new(r.ToString());
        }
        public class Keeper : IFunction
        {
            public static JsonElement Kept;
            public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t)
            {
                var before = Kept.ValueKind == JsonValueKind.Undefined ? "nothing" : Kept.GetProperty("v").GetString();
                Kept = p;
                return new(before);
            }
        }
        public class Text : IFunction<string, string>
        {
            public ValueTask<string> InvokeAsync(string r, FunctionContext c, CancellationToken t) => new(r);
        }
        """;

    internal TestProject Project { get; } = TestProject.Load(Source);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Project.DisposeAsync();
}
