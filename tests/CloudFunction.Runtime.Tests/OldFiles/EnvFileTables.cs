using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary><c>.env</c> files, which the old system reads with python-dotenv: the value of A.</summary>
internal static class EnvFileTables
{
    private const string Script = """
        import io, logging, os
        from dotenv import dotenv_values
        logging.disable()
        os.environ.clear()
        os.environ["E"] = "env"
        def answer(text):
            return dotenv_values(stream=io.StringIO(text, newline=None)).get("A") or ""
        """;

    private static readonly Dictionary<string, string> Environment = new() { ["E"] = "env" };

    /// <summary>As they are read unless a setting asks for more.</summary>
    public static OldFileTable AsItIs { get; } = Table(
        ".env: what A is",
        ".env：A 的值",
        text => Read(text, null),
        [
            new(" A = x # c", "x"),
            new("export A=x", "x"),
            new("A=x#c", "x#c"),
            new("A=#c", "#c"),
            new("A= # c", "# c"),
            new("A=x\nA=y", "y"),
            new("A='it\\'s'", "it's"),
            new("A='a\\\\b'", "a\\b"),
            new("A='C:\\dir'", "C:\\dir"),
            new("A=\"one\ntwo\"", "one\ntwo"),
            new("A=\"a\\n\\\"b\\\" \\'c\\'\"", "a\n\"b\" 'c'"),
            new("A=\"C:\\dir\"", "C:\\dir"),
            new("A=\"C:\\bin\"", "C:\bin"),
            new("A=\"C:\\\\\"\nB=\"x\"", ""),
            new("A=\"\\$5\"", "\\$5"),
            new("A=$E", "$E"),
            new("A=${E}/logs", "env/logs"),
            new("B=/srv\nA=\"${B}/logs\"", "/srv/logs"),
            new("A=${X:-x}", "x"),
            new("A='${E}'", "env", IsQuiet: true),
            new("\uFEFFA=x", ""),
            new("A", ""),
            new("A B=x", ""),
            new("'A'=x", "x"),
            new("A=\"x", ""),
            new("A=\"x\" y", ""),
        ]);

    /// <summary>With ENV_INTERPOLATE=true.</summary>
    public static OldFileTable Interpolated { get; } = Table(
        ".env with ENV_INTERPOLATE=true: what A is",
        ".env 与 ENV_INTERPOLATE=true：A 的值",
        text => Read(text, Environment),
        [
            new("B=/srv\nA=${B}/logs", "/srv/logs"),
            new("A=${B}/logs\nB=/srv", "/logs"),
            new("A=${E}", "env"),
            new("E=file\nA=${E}", "file"),
            new("A=${X:-x}", "x"),
            new("A=[${X}]", "[]"),
            new("A='${E}'", "env"),
            new("A=\"\\${E}\"", "\\env"),
            new("A=${:-$}{E}", "${E}"),
            new("A=${X:-${E}}", "${E}"),
            new("A=$E", "$E"),
            new("A= # c", "# c"),
        ]);

    private static OldFileTable Table(string title, string chinese, Func<string, OldFileReading> read, OldFileRow[] rows) =>
        new(title, chinese, "python3-dotenv", ["dotenv"], Script, read, rows);

    private static OldFileReading Read(string text, Dictionary<string, string>? environment)
    {
        try
        {
            var file = DotEnvFile.Parse(text, ".env", environment);
            return new OldFileReading(file.Values.GetValueOrDefault("A", ""), file.Warnings is [var first, ..] ? first : null);
        }
        catch (DotEnvException error)
        {
            return new OldFileReading(null, error.Errors[0]);
        }
    }
}
