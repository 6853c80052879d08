namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>A configuration file written in YAML.</summary>
internal static class YamlFile
{
    // A hundred times what anybody writes by hand.
    private const int MaxBytes = 256 << 10;

    /// <summary>Reads the text of a file of UTF-8, up to 256 KB.</summary>
    /// <exception cref="ConfigurationFileException">It is too large, not there, not a regular file, not UTF-8 or cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return SmallFile.TryRead(path, MaxBytes) switch
            {
                null => throw Fail(1, 1, "the file cannot be read (it is not there)"),
                { Length: > MaxBytes } => throw Fail(1, 1, $"the file is too large; allowed are {MaxBytes} bytes"),
                var bytes => StrictUtf8.TryDecode(bytes, out var line, out var column)
                    ?? throw Fail(line, column, "the file is not valid UTF-8 here; allowed is that alone: save the file as UTF-8"),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fail(1, 1, $"the file cannot be read ({exception.Message})");
        }

        ConfigurationFileException Fail(int line, int column, string reason) => new([$"{path}:{line}:{column}: {reason}"]);
    }
}
