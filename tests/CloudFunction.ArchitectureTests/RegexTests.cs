using System.Reflection;

namespace CloudFunction.ArchitectureTests;

/// <summary>What comes from outside is read in a time that grows with its length alone: no regular expression of the product tries a text in several
/// ways, for one line of a hundred characters can keep such a one busy for good.</summary>
public class RegexTests
{
    private const string Usings = "using System.Text.RegularExpressions;\n";

    private static string Root =>
        typeof(RegexTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Sources_Expressions_DoNotBacktrack()
    {
        var source = Path.Combine(Root, "src");
        var files = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(source, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")).ToList();

        Assert.InRange(files.Count, 500, int.MaxValue); // Else this test looks in the wrong place.
        Assert.Empty(RegexFinder.Find(files.Select(path => (Path.GetRelativePath(Root, path), File.ReadAllText(path)))));
    }

    [Theory]
    [InlineData(Usings + "class C { Regex E = new Regex(\"a+b\"); }")]
    [InlineData(Usings + "class C { Regex E = new(\"a+b\"); }")]
    [InlineData(Usings + "class C { Regex E = new(\"a+b\", RegexOptions.CultureInvariant); }")]
    [InlineData(Usings + "class C { Regex E(RegexOptions options) => new(\"a+b\", options); }")]
    [InlineData(Usings + "class C { bool M(string s) => Regex.IsMatch(s, \"a+b\"); }")]
    [InlineData(Usings + "class C { string M(string s) => Regex.Replace(s, \"a+b\", \"\"); }")]
    [InlineData(Usings + "class C { string[] M(string s) => Regex.Split(s, \"a+b\"); }")]
    [InlineData(Usings + "class C { object M(string s) => Regex.Matches(s, \"a+b\"); }")]
    [InlineData(Usings + "class C { Func<string, string, bool> M => Regex.IsMatch; }")]
    [InlineData(Usings + "class C(string pattern) : Regex(pattern);")]
    [InlineData(Usings + "class C : Regex { C() : base(\"a+b\") { } }")]
    [InlineData(Usings + "partial class C { [GeneratedRegex(\"a+b\")] private static partial Regex E(); }")]
    [InlineData(Usings + "partial class C { [GeneratedRegex(\"a+b\", RegexOptions.IgnoreCase)] private static partial Regex E { get; } }")]
    [InlineData("class C { bool M(string s) => System.Text.RegularExpressions.Regex.IsMatch(s, \"a+b\"); }")]
    [InlineData("using E = System.Text.RegularExpressions.Regex; class C { object M() => new E(\"a+b\"); }")]
    [InlineData("using static System.Text.RegularExpressions.Regex; class C { bool M(string s) => IsMatch(s, \"a+b\"); }")]
    [InlineData("global using static System.Text.RegularExpressions.Regex;")]
    [InlineData("class C { [System.ComponentModel.DataAnnotations.RegularExpression(\"a+b\")] public string P { get; set; } }")]
    [InlineData("class C { string Route => \"/things/{name:regex(a+b)}\"; }")]
    public void Find_ExpressionThatBacktracks_IsFound(string source) =>
        Assert.StartsWith("C.cs:", Assert.Single(RegexFinder.Find([("C.cs", source)]).Distinct()), StringComparison.Ordinal);

    [Fact]
    public void Find_NewOfAFieldInAnotherFile_IsFound() =>
        Assert.Single(RegexFinder.Find(
            [("A.cs", Usings + "partial class C { Regex _e; }"), ("C.cs", "partial class C { C() => _e = new(\"a+b\"); }")]));

    [Theory]
    [InlineData(Usings + "class C { Regex E = new Regex(\"a+b\", RegexOptions.NonBacktracking); }")]
    [InlineData(Usings + "class C { const RegexOptions O = RegexOptions.NonBacktracking | RegexOptions.ECMAScript; Regex E = new(\"a+b\", O); }")]
    [InlineData(Usings + "class C { bool M(string s) => Regex.IsMatch(s, \"a+b\", RegexOptions.NonBacktracking); }")]
    [InlineData(Usings + "class C { bool M(Regex e, string s) => e.IsMatch(s); }")]
    [InlineData(Usings + "class C { string M(string s) => Regex.Escape(s); }")]
    [InlineData("class Regex { public static bool IsMatch(string s) => true; } class C { bool M(string s) => Regex.IsMatch(s); }")]
    public void Find_AnythingElse_IsLeftAlone(string source) => Assert.Empty(RegexFinder.Find([("C.cs", source)]));
}
