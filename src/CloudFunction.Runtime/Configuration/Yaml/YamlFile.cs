using System.Text;

namespace CloudFunction.Runtime.Configuration.Yaml;

/// <summary>A configuration file written in YAML.</summary>
internal static class YamlFile
{
    // A hundred times what anybody writes by hand.
    private const int MaxBytes = 256 << 10;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the text of a file of UTF-8, up to 256 KB.</summary>
    /// <exception cref="ConfigurationFileException">It is too large, not there, no UTF-8 or cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxBytes ? StrictUtf8.GetString(bytes, 0, length) : throw Fail($"the file is too large; allowed are {MaxBytes} bytes");
        }
        catch (DecoderFallbackException)
        {
            throw Fail("the file is not valid UTF-8; allowed is that alone");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fail($"the file cannot be read ({exception.Message})");
        }

        ConfigurationFileException Fail(string reason) => new([$"{path}:1:1: {reason}"]);
    }
}
