using System.Text.Json;
using System.Text.Unicode;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>Whether bytes that nobody has looked at can stand in an answer as they are.</summary>
internal static class OpaqueJson
{
    // Parsers commonly give up beyond 64 levels, and some end their process; what is deeper is shown as text.
    private const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Whether they are one JSON document in UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, Options);
            while (reader.Read())
            {
                // Nothing but to see whether it can be read.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
