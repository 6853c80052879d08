using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Configuration.Yaml;

/// <summary>Values without quotes, as PyYAML reads them.</summary>
public sealed class YamlVersionsDifferentialTests
{
    private const int Cases = 20_000;

    private const string Script = """
        import yaml, datetime
        loader = yaml.SafeLoader("")
        def answer(plain):
            try:
                tag = loader.resolve(yaml.ScalarNode, plain, (True, False))
                value = loader.construct_object(yaml.ScalarNode(tag, plain))
            except Exception as error:
                return {"Kind": "error", "Value": type(error).__name__}
            if isinstance(value, bool):
                return {"Kind": "bool", "Value": "true" if value else "false"}
            if value is None:
                return {"Kind": "null", "Value": ""}
            return {"Kind": type(value).__name__, "Value": value if isinstance(value, str) else repr(value)}
        """;

    private static readonly string[] Words =
    [
        "yes", "Yes", "YES", "yEs", "no", "No", "on", "On", "oN", "off", "OFF", "y", "n",
        "true", "True", "TRUE", "tRue", "false", "null", "Null", "NULL", "nuLL", "~", "~~", ".inf", "-.INF", "+.Inf", ".nan", ".NaN", "nan", "inf",
        "<<", "=", "0x", "0b", "0o7", "2026-01-31", "2026-1-31",
        "2026-01-31T08:15:30Z", "2026-01-31 08:15:30", "2026-13-41", "12e03", "-", "+", ".", "e", "1e400", "1.0e+400",
    ];

    private static readonly string[] Pieces =
    [
        "0", "0", "1", "7", "8", "9", "10", "59", "60", "_", ".", ":", "+", "-", "e", "E", "e+", "x", "0x", "0b", "0o", "a", "F",
        "12345678901234567890",
    ];

    [SkippableFact]
    public async Task ProblemOf_AnyValue_IsThereExactlyWherePyYamlReadsAnother()
    {
        var missing = PythonOracle.Missing("python3-yaml", "yaml");
        Skip.If(missing is not null, missing);
        var random = new Random(11);
        List<string> values =
        [
            .. Words,
            .. Enumerable.Range(0, Cases).Select(_ => string.Concat(random.GetItems(Pieces, random.Next(1, 6)))),
        ];
        var answers = await PythonOracle.AskAsync<string, Answer>(Script, values, "yaml");

        var wrong = values.Zip(answers).Where(pair => !IsRight(pair.First, pair.Second)).Take(20)
            .Select(pair => $"'{pair.First}': here {Json(pair.First)} ({YamlVersions.ProblemOf(pair.First)}), PyYAML {pair.Second}").ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.InRange(values.Count(value => YamlVersions.ProblemOf(value) is not null), 500, Cases);
    }

    private static bool IsRight(string plain, Answer there)
    {
        var here = JsonDocument.Parse(Json(plain)).RootElement;
        var isSame = (there.Kind, here.ValueKind) switch
        {
            ("bool", JsonValueKind.True or JsonValueKind.False) => here.GetRawText() == there.Value,
            ("null", JsonValueKind.Null) => true,
            ("str", JsonValueKind.String) => here.GetString() == there.Value,
            ("int", JsonValueKind.Number) => here.GetRawText() == there.Value || (there.Value == "0" && here.GetRawText() == "-0"),
            ("float", JsonValueKind.Number) => here.GetDouble() == double.Parse(there.Value, CultureInfo.InvariantCulture),
            _ => false,
        };
        var problem = YamlVersions.ProblemOf(plain);

        // What is a number by its form, and too large for one, comes to text only because there is no other way to write it.
        var isTooLarge = here.ValueKind == JsonValueKind.String && problem?.Contains("is a number in YAML 1.2", StringComparison.Ordinal) == true;
        return isSame == problem is null || isTooLarge;
    }

    private static string Json(string plain) => Encoding.UTF8.GetString(YamlJson.Write(new YamlText(1, 1, plain, IsPlain: true)).Span);

    private sealed record Answer(string Kind, string Value);
}
