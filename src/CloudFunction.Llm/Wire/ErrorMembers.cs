using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>The names that providers give to an error and its parts, whatever their case, with or without underscores.</summary>
internal static class ErrorMembers
{
    private const int MaxLength = 20;

    /// <summary>Where an error is, and nothing else.</summary>
    private static readonly string[] Errors = ["error", "errors", "exception", "err"];

    private static readonly string[] Messages =
    [
        "message", "msg", "errormsg", "errormessage", "errmsg", "errordescription", "statusmsg", "statustext", "statusmessage", "detail", "details",
        .. Errors, "title", "reason",
    ];

    private static readonly string[] Codes = ["code", "statuscode", "errorcode", "errcode", "httpcode", "httpstatus"];

    private static readonly string[] Kinds = ["status", "type", "event", "object"];

    /// <summary>What an answer without choices may be within.</summary>
    private static readonly string[] Envelopes = ["header", "output", "data", "response", "result", "body"];

    // Status and the like are everywhere, and only mean something beside one of the others.
    private static readonly FrozenSet<string> Signs = FrozenSet.ToFrozenSet([.. Messages, .. Codes, .. Kinds[..3], "baseresp"]);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SignsBySpan = Signs.GetAlternateLookup<ReadOnlySpan<char>>();

    public static IEnumerable<JsonNode> ErrorsOf(JsonObject owner) => Of(owner, Errors);

    public static IEnumerable<JsonNode> MessagesOf(JsonObject owner) => Of(owner, Messages);

    public static IEnumerable<JsonNode> CodesOf(JsonObject owner) => Of(owner, Codes);

    public static IEnumerable<JsonNode> KindsOf(JsonObject owner) => Of(owner, Kinds);

    public static IEnumerable<JsonNode> EnvelopesOf(JsonObject owner) => Of(owner, Envelopes);

    /// <summary>Whether the name that the reader is at may be that of an error, or of a part of one.</summary>
    public static bool IsSign(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxLength || reader.ValueIsEscaped)
        {
            return reader.ValueIsEscaped;
        }

        Span<char> name = stackalloc char[MaxLength];
        name = name[..reader.CopyString(name)];
        return SignsBySpan.Contains(name[..Plain(name, name)]);
    }

    // In the order of the names: the ones that explain most come first.
    private static IEnumerable<JsonNode> Of(JsonObject owner, string[] names)
    {
        var found = owner.Where(member => member.Value is not null && member.Key.Length <= MaxLength)
            .Select(member => (Name: Plain(member.Key), Value: member.Value!)).ToArray();
        return names.SelectMany(name => found.Where(member => member.Name == name).Select(member => member.Value));
    }

    private static string Plain(string name)
    {
        Span<char> plain = stackalloc char[MaxLength];
        return plain[..Plain(name, plain)].ToString();
    }

    private static int Plain(ReadOnlySpan<char> name, Span<char> plain)
    {
        var length = 0;
        foreach (var character in name)
        {
            if (character is not ('_' or '-'))
            {
                plain[length++] = char.ToLowerInvariant(character);
            }
        }

        return length;
    }
}
