using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

public sealed class RequestTypeCheckTests
{
    private const string Source = """
        public enum Kind { One }
        public class Ctor2 { [JsonConstructor] public Ctor2(string name, int? n = 3, Kind k = Kind.One) => Name = name; public string Name { get; } }
        public class TwoCtors { public TwoCtors(int a) => A = a; public TwoCtors(int a, int b) => A = a + b; public int A { get; } }
        public class Hidden { private Hidden() { } public int A { get; set; } }
        public abstract class Abstract { public int A { get; set; } }
        public interface IThing { int A { get; } }
        public record Needs(Stream Input);
        public record Needs2(Needs Inner);
        public record May(Stream? Input = null, IThing? Thing = null, List<IThing>? Things = null);
        public class Settable { public IThing? Thing { get; set; } public Type? Type { get; set; } }
        public class Throws { public Throws() => throw new NotSupportedException("Not today."); }
        public class Checks { public Checks(int a = 0) => A = a > 0 ? a : throw new InvalidOperationException("Not so few."); public int A { get; } }
        [JsonPolymorphic] [JsonDerivedType(typeof(Circle), "circle")] [JsonDerivedType(typeof(Broken), "broken")] public abstract record Form;
        public record Circle(double R) : Form;
        public record Broken(Stream S) : Form;
        [JsonPolymorphic] [JsonDerivedType(typeof(Bad), "bad")] public abstract record Forms;
        public record Bad(Stream S) : Forms;
        public record Tree(string Name, Tree? Left = null, List<Tree>? More = null);
        public class Fixed : System.Collections.IEnumerable
        {
            public System.Collections.IEnumerator GetEnumerator() => Array.Empty<int>().GetEnumerator();
        }
        [JsonConverter(typeof(Reader))] public abstract class Own;
        public class Reader : JsonConverter<Own>
        {
            public override Own? Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => throw new NotSupportedException("Not this one.");
            public override void Write(Utf8JsonWriter w, Own v, JsonSerializerOptions o) => w.WriteNullValue();
        }
        public static class Functions
        {
            [Function("ctor2")] public static int F(Ctor2 r) => 1;
            [Function("two-ctors")] public static int F(TwoCtors r) => 1;
            [Function("hidden")] public static int F(Hidden r) => 1;
            [Function("abstract")] public static int F(Abstract r) => 1;
            [Function("interface")] public static int F(IThing r) => 1;
            [Function("stream")] public static int F(Stream r) => 1;
            [Function("type")] public static int F(Type r) => 1;
            [Function("matrix")] public static int F(int[,] r) => 1;
            [Function("delegate")] public static int F(Action r) => 1;
            [Function("pointer")] public static int F(nint r) => 1;
            [Function("needs")] public static int F(Needs2 r) => 1;
            [Function("bad-forms")] public static int F(Forms r) => 1;
            [Function("keys")] public static int F(Dictionary<Ctor2, int> r) => 1;
            [Function("fixed")] public static int F(Fixed r) => 1;
            [Function("may")] public static int F(May r) => 1;
            [Function("settable")] public static int F(Settable r) => 1;
            [Function("throws")] public static int F(Throws r) => 1;
            [Function("checks")] public static int F(Checks r) => 1;
            [Function("form")] public static int F(Form r) => 1;
            [Function("tree")] public static int F(Tree r) => 1;
            [Function("own")] public static int F(Own r) => 1;
            [Function("things")] public static int F(IReadOnlyDictionary<Guid, IReadOnlyList<Tree>> r) => 1;
            [Function("text")] public static int F(string r) => 1;
            [Function("number")] public static int F(double? r) => 1;
            [Function("element")] public static int F(JsonElement r) => 1;
            [Function("object")] public static int F(object r) => 1;
            [Function("later")] public static int F(IAsyncEnumerable<int> r) => 1;
            [Function("memory")] public static int F(ReadOnlyMemory<byte> r) => 1;
            [Function("nothing")] public static int F() => 1;
        }
        """;

    [Fact]
    public async Task Find_TypesThatNothingFits_NamesThemAndWhatIsRight()
    {
        await using var project = TestProject.Load(Source);

        foreach (var (function, type, right) in new[]
        {
            ("ctor2", "Ctor2", "needs a public property"),
            ("two-ctors", "TwoCtors", "[JsonConstructor]"),
            ("hidden", "Hidden", "[JsonConstructor]"),
            ("abstract", "Abstract", "[JsonDerivedType]"),
            ("interface", "IThing", "[JsonDerivedType]"),
            ("stream", "System.IO.Stream", "JsonConverter"),
            ("type", "System.Type", "JsonConverter"),
            ("matrix", "System.Int32[,]", "an array of arrays"),
            ("delegate", "System.Action", "JsonConverter"),
            ("pointer", "System.IntPtr", "JsonConverter"),
            ("needs", "System.IO.Stream", "JsonConverter"),
            ("bad-forms", "System.IO.Stream", "JsonConverter"),
            ("keys", "Dictionary", "JsonConverter"),
            ("fixed", "Fixed", "JsonConverter"),
        })
        {
            var problem = project.Invoker(function).Descriptor.FindRequestProblem();
            Assert.True(problem is not null, function);
            Assert.Contains($"({function}) takes ", problem, StringComparison.Ordinal);
            Assert.Contains(type, problem, StringComparison.Ordinal);
            Assert.Contains(right, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Find_TypesThatSomethingFits_FindsNothing()
    {
        string[] functions =
        [
            "may", "settable", "throws", "checks", "form", "tree", "own", "things", "text", "number", "element", "object", "later", "memory",
            "nothing",
        ];
        await using var project = TestProject.Load(Source);

        Assert.All(functions, function => Assert.Null(project.Invoker(function).Descriptor.FindRequestProblem()));
    }

    /// <summary>One that was deployed nevertheless: whoever calls it gets nothing of .NET's inside.</summary>
    [Theory]
    [InlineData("ctor2", """{"name":"a"}""")]
    [InlineData("interface", "{}")]
    [InlineData("type", "\"System.String\"")]
    [InlineData("matrix", "[[1]]")]
    [InlineData("needs", """{"inner":{"input":{}}}""")]
    public async Task Invoke_TypesThatNothingFits_NamesNoType(string function, string json)
    {
        await using var project = TestProject.Load(Source);

        var failure = (await project.InvokeAsync(function, json)).Failed(FailureKind.InvalidPayload);

        Assert.Contains("cannot be read from JSON", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Ctor2", failure.Message, StringComparison.Ordinal);
    }
}
