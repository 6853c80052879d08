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
