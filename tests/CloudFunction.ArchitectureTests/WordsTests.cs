using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace CloudFunction.ArchitectureTests;

/// <summary>What the product logs and answers is in the verbs of its field: a version is skipped, not passed over, and a receiver notified, not
/// told; what is wrong is not a version, rather than no version.</summary>
public sealed class WordsTests
{
    private static readonly Regex Unfit = new(
        @"\b(tell(s|ing)?|told|say(s|ing)?|said|sees?|seen|saw|look(s|ed|ing)?|hear(s|d|ing)?|complain(s|ed|ing)?"
        + @"|pass(es|ed|ing)? over|takes? back|taken back|took back|by the clock|none the wiser|is none of)\b|' is no ",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly string Root = typeof(WordsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Texts_OfTheProduct_AreInTheFieldsVerbs()
    {
        var source = Path.Combine(Root, "src");
        var files = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(source, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")).ToList();

        Assert.InRange(files.Count, 500, int.MaxValue); // Else this test searches in the wrong place.
        Assert.Empty(files.SelectMany(path => Find(Path.GetRelativePath(source, path), File.ReadAllText(path))));
    }

    [Theory]
    [InlineData("""[LoggerMessage(1, LogLevel.Warning, "Version {Version} is passed over")] partial void Log();""")]
    [InlineData("""string M(string host) => $"{host} could not be told";""")]
    [InlineData(""""string M() => """Ask the log: it says why.""";"""")]
    [InlineData("""ReadOnlySpan<byte> M() => "Look there"u8;""")]
    [InlineData("""string M(string text) => $"'{text}' is no version";""")]
    public void Find_AnotherVerbInAText_IsNamed(string member) => Assert.Single(Find("a.cs", $"class C {{ {member} }}"));

    [Theory]
    [InlineData("""string M() => "skipped"; // passed over""")]
    [InlineData("""string Told() => nameof(Told);""")]
    [InlineData("""string M(int seen) => $"{seen} were skipped";""")]
    [InlineData("""string M() => "an overlook of the essay";""")]
    public void Find_OtherWordsAndCode_AreNot(string member) => Assert.Empty(Find("a.cs", $"class C {{ {member}\n }}"));

    private static IEnumerable<string> Find(string path, string code) => CSharpSyntaxTree.ParseText(code).GetRoot().DescendantTokens()
        .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.Utf8StringLiteralToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken)
        .Where(token => Unfit.IsMatch(token.ValueText))
        .Select(token => $"{path}:{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {token.ValueText}");
}
