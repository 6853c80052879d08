using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>How JSON is written here.</summary>
internal static class JsonText
{
    /// <summary>Letters of all scripts as they are: it goes to a JSON reader or into a message, and into no page.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether JSON ends before it is whole, and is right as far as it goes.</summary>
    public static bool IsCut(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
            return !(reader.Read() && reader.TrySkip());
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
