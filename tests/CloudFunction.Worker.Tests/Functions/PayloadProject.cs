namespace CloudFunction.Worker.Tests.Functions;

/// <summary>One project for all cases of <see cref="PayloadTests"/>: functions named after the one type that each takes.</summary>
public sealed class PayloadProject : IAsyncLifetime
{
    private const string Source = """
        using System.ComponentModel.DataAnnotations;

        public record Money([Range(0, 100)] decimal Amount) { public Money Rounded => new(decimal.Round(Amount)); }
        public class SelfRef { [Required] public string? N { get; set; } public SelfRef Me => this; }
        public class Grow { [Required] public string? N { get; set; } public List<Grow> More => [new Grow { N = N }]; }
        public class Fresh
        {
            [Required] public string? N { get; set; }
            public Fresh Left { get => new() { N = N }; set { } }
            public Fresh Right { get => new() { N = N }; set { } }
        }
        public struct Point { [Range(0, 9)] public int X { get; set; } public Point Next => new() { X = X + 1 }; public Point? Last => this; }
        public class Node
        {
            [Required] public string? Name { get; set; }
            public Node? Parent { get; set; }
            public List<Node>? Kids { get; set { field = value; foreach (var kid in value ?? []) kid.Parent = this; } }
        }
        public class Lz
        {
            [Required] public string? Name { get; set; }
            public string[]? Raw { get; set; }
            public int Len => Name!.Length;
            public string First => Raw![0];
            public SelfRef Broken => throw new InvalidOperationException("Nobody reads this.");
        }
        public class Checked : IValidatableObject
        {
            [Required] public string? Name { get; set; }
            [CustomValidation(typeof(Checked), nameof(IsLong))] public string? Other { get; set; }
            public static ValidationResult? IsLong(string? other, ValidationContext c) =>
                ((Checked)c.ObjectInstance).Name!.Length > 0 ? ValidationResult.Success : null;
            public IEnumerable<ValidationResult> Validate(ValidationContext c) =>
                Name!.Length > 2 ? [] : [new ValidationResult("Too short.", [nameof(Name)])];
        }
        public class Filled { public List<SelfRef> Items { get; } = []; }
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public class Populated { public List<SelfRef> Items { get; } = []; }
        [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")] [JsonDerivedType(typeof(Circle), "circle")] [JsonDerivedType(typeof(Poly), "poly")]
        public abstract record Shape;
        public record Circle([property: Range(1, 5)] double R) : Shape;
        public record Poly(List<L> Lines, float Width = 1) : Shape;
        public class Limits
        {
            [Range(1, 10)] public long A { get; set; } = 1;
            [Range(1, 100)] public decimal B { get; set; } = 1;
            [Range(0, 5)] public double C { get; set; }
            [Range(1, 10)] public string? D { get; set; }
            [EnumDataType(typeof(Color))] public string? E { get; set; }
            [RegularExpression("^(a+)+$", MatchTimeoutInMilliseconds = 100)] public string? F { get; set; }
            [Range(1, 10, ErrorMessage = "One to ten, please.")] public long G { get; set; } = 1;
            [Own(1, 10)] public long H { get; set; } = 1;
            [MaxLength(3)] public int[]? I { get; set; }
        }
        public sealed class OwnAttribute(int from, int to) : RangeAttribute(from, to);
        public enum Color { Red, Green = 4 }
        [JsonConverter(typeof(JsonStringEnumConverter<Tone>))] public enum Tone { Low, High }

        public record L(string Sku, string? Note = null);
        public record R(List<L> Lines);
        public record Deep(Dictionary<string, L[]>? Named = null, List<List<L>>? Rows = null, List<L?>? Maybe = null, int?[]? Numbers = null,
            IReadOnlyDictionary<string, L>? Read = null, HashSet<L>? Set = null, Stack<L>? Stack = null, R? Inner = null,
            System.Collections.Immutable.ImmutableArray<string>? Array = null, IAsyncEnumerable<L>? Later = null, object? Any = null,
            int[,]? Grid = null, [property: StringLength(3)] string? Short = null);
        public record Page<T>(List<T> Items, T? One = default);
        public record Pages(Page<L>? Full = null, Page<L?>? Gaps = null);
        public class Pager<T> { public T[]? Items { get; set; } public Pager<T>? Next { get; set; } }
        #nullable disable
        public class Old { public List<L> Lines { get; set; } }
        #nullable restore

        public class Floats
        {
            public float F { get; set; }
            public float[]? A { get; set; }
            public double D { get; set; }
            public Half H { get; set; }
            public double? M { get; set; }
            public Dictionary<string, List<double>>? Map { get; set; }
            public decimal Exact { get; set; }
            public string? Text { get; set; }
            [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] public double Named { get; set; }
        }
        public record Doubles(double A, string? Text = null);

        public class Mix { public Dictionary<string, int>? D { get; set; } public JsonObject? O { get; set; } public JsonElement E { get; set; } }
        public class More { public int A { get; set; } [JsonExtensionData] public Dictionary<string, JsonElement>? Rest { get; set; } }
        public class MoreNode { public int A { get; set; } [JsonExtensionData] public JsonObject? Rest { get; set; } }
        public class Picky
        {
            public string? First { get; set; }
            public int A { get; set { if (value > 3) throw new ArgumentException("Three at most."); field = value; } }
        }
        public record Fussy(string Name)
        {
            public int A { get; init { if (value > 3) throw new ArgumentException("Three at most."); field = value; } }
        }
        public record Even(int Number) { public int Number { get; } = Number % 2 == 0 ? Number : throw new ArgumentException("It is odd."); }
        public record Evens(List<Even> Items, string? Text = null);
        public record Chain(Chain? Next = null, Even? Even = null, string? Text = null);

        public record Kinds(int Count = 0, int? Maybe = null, Color Color = 0, Tone Tone = 0, DateTime? When = null, TimeSpan? Span = null,
            Guid? Id = null, decimal Price = 0, List<L>? Lines = null, L? Line = null, bool Flag = false, string Text = "", char Sign = 'a',
            Dictionary<string, int>? Counts = null, Dictionary<int, string>? Keys = null, DateOnly? Day = null, byte Small = 0, byte[]? Data = null,
            Uri? Link = null);
        public record Many(
            string Alpha, string Beta, string Gamma, string Delta, string Epsilon, string Zeta, string Eta, string Theta, string Iota, string Kappa);
        public record Manies(Dictionary<string, Many> Items);

        public static class Functions
        {
            [Function("money")] public static string F(Money r) => "ok";
            [Function("self")] public static string F(SelfRef r) => "ok";
            [Function("grow")] public static string F(Grow r) => "ok";
            [Function("fresh")] public static string F(Fresh r) => "ok";
            [Function("point")] public static string F(Point r) => "ok";
            [Function("node")] public static string F(Node r) => "ok";
            [Function("lazy")] public static string F(Lz r) => "ok";
            [Function("checked")] public static string F(Checked r) => "ok";
            [Function("filled")] public static string F(Filled r) => "ok";
            [Function("populated")] public static string F(Populated r) => "ok";
            [Function("shape")] public static string F(Shape r) => "ok";
            [Function("shapes")] public static string F(Dictionary<string, Shape[]> r) => "ok";
            [Function("limits")] public static string F(Limits r) => "ok";
            [Function("r")] public static string F(R r) => "ok";
            [Function("list")] public static string F(List<L> r) => "ok";
            [Function("gaps")] public static string Gaps(List<L?> r) => "ok";
            [Function("array")] public static string F(L[] r) => "ok";
            [Function("map")] public static string F(Dictionary<string, L> r) => "ok";
            [Function("deep")] public static string F(Deep r) => "ok";
            [Function("pages")] public static string F(Pages r) => "ok";
            [Function("page")] public static string F(Page<L> r) => "ok";
            [Function("pager")] public static string F(Pager<L> r) => "ok";
            [Function("old")] public static string F(Old r) => "ok";
            [Function("floats")] public static string F(Floats r) => "ok";
            [Function("doubles")] public static string F(Doubles r) => "ok";
            [Function("half")] public static string F(Half r) => "ok";
            [Function("numbers")] public static string F(IReadOnlyList<float[]> r) => "ok";
            [Function("mix")] public static string F(Mix r) => "ok";
            [Function("more")] public static string F(More r) => "ok";
            [Function("more-node")] public static string F(MoreNode r) => "ok";
            [Function("json-object")] public static string F(JsonObject r) => "ok";
            [Function("element")] public static string F(JsonElement r) => "ok";
            [Function("document")] public static string F(JsonDocument r) => "ok";
            [Function("anything")] public static string F(object r) => "ok";
            [Function("picky")] public static string F(Picky r) => "ok";
            [Function("fussy")] public static string F(Fussy r) => "ok";
            [Function("evens")] public static string F(Evens r) => "ok";
            [Function("chain")] public static string F(Chain r) => "ok";
            [Function("later")] public static string F(IAsyncEnumerable<Shape> r) => "ok";
            [Function("queue")] public static string F(Queue<Shape> r) => "ok";
            [Function("kinds")] public static string F(Kinds r) => "ok";
            [Function("many")] public static string F(Many r) => "ok";
            [Function("manies")] public static string F(Manies r) => "ok";
            [Function("untyped")] public static string F() => "ok";
        }
        public class Explicit : IFunction<List<L>, string>
        {
            ValueTask<string> IFunction<List<L>, string>.InvokeAsync(List<L> r, FunctionContext c, CancellationToken t) => new("ok");
        }
        public abstract class Base<T> : IFunction<T, string>
        {
            public ValueTask<string> InvokeAsync(T r, FunctionContext c, CancellationToken t) => new("ok");
        }
        [Function("derived")] public class Derived : Base<List<L?>>;
        """;

    internal TestProject Project { get; } = TestProject.Load(Source);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Project.DisposeAsync();
}
