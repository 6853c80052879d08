using System.Text.Json;
using System.Text.Unicode;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>Reads a small body that is one JSON object, strictly: whatever is not expected is refused, never skipped.</summary>
internal static class JsonObjectBody
{
    /// <summary>The largest such body: a hundred times what anybody writes, and little enough to be held whole.</summary>
    public const int MaxBytes = 64 * 1024;

    // As deep as payloads may be.
    private const int MaxDepth = 64;

    // A body of so many bytes is nested no deeper, so that what is too deep is reported as that.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxBytes };

    /// <summary>The object's members in their order, each name once; null where there is no body.</summary>
    /// <exception cref="ApiException">It is not JSON, not an object, too large, or names a member twice.</exception>
    public static async Task<IReadOnlyList<KeyValuePair<string, JsonElement>>?> ReadAsync(HttpContext context)
    {
        UnreadBody.CheckLength(context);
        if (await UnreadBody.IsEmptyAsync(context).ConfigureAwait(false))
        {
            return null;
        }

        if (JsonMediaType.Check(context.Request) is { } refusal)
        {
            throw new ApiException(refusal);
        }

        // The server ends the reading at the endpoint's limit.
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted).ConfigureAwait(false);
        return Members(Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>A whole number in digits alone, or an error that names the member.</summary>
    public static int ReadNumber(string field, JsonElement value, int maximum)
    {
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= maximum
            ? number
            : throw ApiException.Refuse(field, $"must be a whole number from 1 to {maximum}");
    }

    private static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        // A byte order mark is an editor's, not the text's.
        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8;
        if (!Utf8.IsValid(utf8))
        {
            throw ApiException.Refuse("body", "must be JSON in UTF-8");
        }

        try
        {
            return JsonElement.Parse(utf8, Options);
        }
        catch (JsonException exception)
        {
            throw ApiException.Refuse(
                "body", $"is not JSON: check line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}", exception);
        }
    }

    private static List<KeyValuePair<string, JsonElement>> Members(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Refuse("body", "must be a JSON object");
        }

        var members = new List<KeyValuePair<string, JsonElement>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            var name = Text("body", () => member.Name);
            members.Add(names.Add(name) ? new(name, member.Value) : throw ApiException.Refuse(name, "must be there once"));
            CheckParts(name, member.Value, depth: 1);
        }

        return members;
    }

    // What is kept as it is, and read later by a function, would fail there each time.
    private static void CheckParts(string field, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth == MaxDepth:
                throw ApiException.Refuse(field, $"must not be nested more than {MaxDepth} deep");
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    CheckParts(field, item, depth + 1);
                }

                break;
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    if (!names.Add(Text(field, () => member.Name)))
                    {
                        throw ApiException.Refuse(field, "must not name a member of an object twice");
                    }

                    CheckParts(field, member.Value, depth + 1);
                }

                break;
            case JsonValueKind.String:
                Text(field, () => value.GetString()!);
                break;
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                throw ApiException.Refuse(field, "must have finite numbers");
        }
    }

    /// <summary>The text of a string or a name; half a surrogate pair is none.</summary>
    public static string Text(string field, Func<string> get)
    {
        try
        {
            return get();
        }
        catch (InvalidOperationException exception)
        {
            throw ApiException.Refuse(field, "must be text: it has half of a surrogate pair", exception);
        }
    }
}
