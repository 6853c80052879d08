using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

/// <summary>Random <c>.env</c> files, as python-dotenv reads them.</summary>
public sealed class DotEnvDifferentialTests
{
    private const int Cases = 20_000;

    private const string Script = """
        import io, logging, os
        from dotenv import dotenv_values
        logging.disable()
        os.environ.clear()
        os.environ["E"] = "of the environment"
        def answer(text):
            values = dotenv_values(stream=io.StringIO(text, newline=None))
            return {name: value for name, value in values.items() if value is not None}
        """;

    private static readonly Dictionary<string, string> Environment = new() { ["E"] = "of the environment" };

    private static readonly string[] Pieces =
    [
        "A=", "B=", "C =", "export D=", "A", "B", "=", "\n", "\n", "\n", "\r\n", "\r", " ", " ", "\t", "\u00A0", "\x1c", "#", " #", " # c", "'",
        "'", "\"",
        "\"", "\\", "\\", "\\'", "\\\"", "\\$", "\\n", "\\a", "x", "y z", "$", "${", "}", "${A}", "${B}", "${E}", "${E:-d}", "${F:-d}", "${:-$}",
        ":", ":-",
        "{", "a", "b", "n", "汉",
    ];

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parse_RandomFile_IsReadAsPythonDotenvDoesOrWarnedOfOrRefused(bool interpolates)
    {
        var missing = PythonOracle.Missing("python3-dotenv", "dotenv");
        Skip.If(missing is not null, missing);
        var random = new Random(9);
        var texts = Enumerable.Range(0, Cases).Select(_ => RandomText(random)).ToList();
        var answers = await PythonOracle.AskAsync<string, Dictionary<string, string>>(Script, texts, "dotenv");

        var kinds = texts.Zip(answers).Select(pair => Compare(pair.First, pair.Second, interpolates)).ToList();

        var silent = kinds.Where(kind => kind.StartsWith("silent", StringComparison.Ordinal)).Take(20).ToList();
        Assert.True(silent.Count == 0, string.Join(System.Environment.NewLine, silent));
        Assert.InRange(kinds.Count(kind => kind == "same"), Cases / 5, Cases);
        Assert.InRange(kinds.Count(kind => kind == "warned of"), Cases / 50, Cases);
        Assert.InRange(kinds.Count(kind => kind == "refused"), Cases / 5, Cases);
    }

    private static string Compare(string text, Dictionary<string, string> there, bool interpolates)
    {
        DotEnvFile here;
        try
        {
            here = DotEnvFile.Parse(text, ".env", interpolates ? Environment : null);
        }
        catch (DotEnvException)
        {
            return "refused";
        }

        var names = here.Values.Keys.Union(there.Keys).Where(name => here.Values.GetValueOrDefault(name) != there.GetValueOrDefault(name)).ToList();
        if (names.Count == 0)
        {
            return "same";
        }

        // A warning names the variable, but one that is swallowed by another's quotes there; with references, others follow from one.
        var isWarnedOf = here.Warnings.Any(warning => interpolates || warning.Contains("closing quote", StringComparison.Ordinal))
            || names.TrueForAll(name =>
                here.Warnings.Any(warning =>
                    !warning.Contains("already", StringComparison.Ordinal) && warning.Contains($": {name} ", StringComparison.Ordinal))
                || (here.Values[name].Contains("${", StringComparison.Ordinal) && IsInSingleQuotes(text, name)));
        return isWarnedOf
            ? "warned of"
            : $"silent: {Show(text)} is here {Show(here.Values)}, there {Show(there)}; {string.Join(' ', here.Warnings)}";
    }

    // The one difference that is not warned of: single quotes are how a reference is marked as text.
    private static bool IsInSingleQuotes(string text, string name) =>
        text.Split('\n', '\r').Any(line => line.Trim() is var trimmed
            && trimmed.Contains(name, StringComparison.Ordinal)
            && trimmed.Split('=', 2) is [_, var value]
            && value.TrimStart('\x1c', '\x1d', '\x1e', '\x1f', ' ', '\t', '\u00A0').StartsWith('\''));

    private static string RandomText(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) switch
    {
        0 => string.Concat(random.GetItems(Pieces, random.Next(1, 12))),
        1 => $"{Name(random)}={Value(random)}\n",
        _ => $"{Name(random)}={Quoted(random, random.Next(2) == 0 ? '"' : '\'')}{(random.Next(4) == 0 ? " # c" : "")}\n",
    }));

    private static string Name(Random random) => random.GetItems(["A", "B", "C", "export D", " A "], 1)[0];

    private static string Value(Random random) => string.Concat(
        random.GetItems(Pieces, random.Next(5)).Where(piece => piece is not ("\n" or "\r" or "\r\n")));

    private static string Quoted(Random random, char quote) =>
        quote
        + string.Concat(random.GetItems(Pieces, random.Next(6)).Where(piece => !piece.Contains(quote, StringComparison.Ordinal) || piece[0] == '\\'))
        + quote;

    private static string Show<T>(T value) => System.Text.Json.JsonSerializer.Serialize(value);
}
