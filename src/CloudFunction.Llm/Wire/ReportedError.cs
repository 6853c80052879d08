using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>An error as a provider reports it, whatever shape it has.</summary>
/// <param name="Reason">Its own words, with its code where there is one.</param>
/// <param name="IsTransient">Whether it is about the moment, such as a limit of rates, and not about the request.</param>
internal sealed record ReportedError(string Reason, bool IsTransient)
{
    private const int MaxDepth = 5;

    private static readonly string[] Messages =
    [
        "message", "msg", "error_msg", "errorMessage", "errorMsg", "error_message", "error_description", "status_msg", "detail", "error", "errors",
        "title", "reason",
    ];

    private static readonly string[] Codes =
        ["code", "status_code", "error_code", "errorCode", "statusCode", "http_code", "status", "type"];

    // Where errors wrap another one.
    private static readonly string[] Wrappers = ["error", "header", "detail"];

    // What MiniMax's status codes mean: https://platform.minimaxi.com/document/error-code. Its others are about the request or the account.
    private static readonly long[] MiniMaxTransient = [1000, 1001, 1002, 1013, 1024, 1033, 1039];

    // Zhipu's business codes for too many requests at once, too often, and a service that is full.
    private static readonly long[] ZhipuTransient = [1302, 1303, 1305];

    private static readonly string[] TransientWords =
    [
        "rate limit", "ratelimit", "too many requests", "overload", "server error", "internal error", "unavailable", "timeout", "timed out",
        "try again", "throttl", "resource exhausted", "busy", "频率", "繁忙", "稍后",
    ];

    private static readonly string[] LastingWords = ["insufficient", "balance", "billing", "quota exceeded", "余额"];

    /// <summary>The error in a piece of an answer; <see langword="null"/> where it has none.</summary>
    /// <param name="piece">A whole answer, or a chunk.</param>
    public static ReportedError? In(JsonNode? piece)
    {
        if (piece is JsonArray { Count: 1 } list)
        {
            return In(list[0]); // Google's.
        }

        if (piece is not JsonObject answer)
        {
            return null;
        }

        if (IsError(answer["error"]))
        {
            return Of(answer);
        }

        if (answer["base_resp"] is JsonObject status && status.NumberOf("status_code") is not (null or 0))
        {
            return Of(status) with { IsTransient = MiniMaxTransient.Contains(status.NumberOf("status_code")!.Value) };
        }

        if (answer.ChoicesOf().FirstOrDefault(static choice => IsError(choice["error"])) is { } failed)
        {
            return Of(failed["error"]!);
        }

        return answer["choices"] is null && IsErrorItself(answer) ? Of(answer) : null;
    }

    /// <summary>The error that a body is, by its status or its event's type.</summary>
    /// <param name="body">JSON, a page of HTML, or a text.</param>
    public static ReportedError Of(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonMembers.Parse(AnswerText.Mend(body.ToArray()).Span) is { } node)
            {
                return In(node) ?? Of(node);
            }
        }
        catch (JsonException)
        {
            // A proxy's page, or the text of an error.
        }

        var text = PlainText.Of(System.Text.Encoding.UTF8.GetString(body));
        return new ReportedError(text.Length == 0 ? "it gave no reason" : text, IsAboutTheMoment(text));
    }

    private static ReportedError Of(JsonNode error)
    {
        var reason = MessageIn(error, 0) ?? error.ToJsonString(JsonText.Options);
        var codes = CodesIn(error, 0).ToArray();
        var code = codes.FirstOrDefault(code => !reason.Contains(code, StringComparison.OrdinalIgnoreCase));
        var text = string.Join(' ', codes.Append(reason));
        return new ReportedError(
            code is null ? reason : $"{reason} (code {code})",
            codes.Any(IsTransientCode) || IsAboutTheMoment(text));
    }

    private static bool IsError(JsonNode? node) => node switch
    {
        null => false,
        JsonObject members => members.Count > 0,
        JsonArray list => list.Count > 0,
        _ => node.ToJsonString() is not ("\"\"" or "false" or "0"),
    };

    // Without choices it is an error once it has the words for one, or a code other than those of success.
    private static bool IsErrorItself(JsonObject answer) =>
        MessageIn(answer, 0) is not null
        && !CodesIn(answer, 0).Any(static code => code.ToLowerInvariant() is "0" or "200" or "ok" or "success" or "ping");

    private static string? MessageIn(JsonNode? node, int depth) => node switch
    {
        _ when depth > MaxDepth => null,
        JsonValue value when value.TryGetValue(out string? text) => string.IsNullOrWhiteSpace(text) ? null : text,
        JsonArray list => string.Join("; ", list.Select(item => MessageIn(item, depth + 1)).OfType<string>()) is { Length: > 0 } text ? text : null,
        JsonObject members => WithCause(Messages.Select(name => MessageIn(members[name], depth + 1)).FirstOrDefault(t => t is not null), members)
            ?? MessageIn(members["header"], depth + 1),
        _ => null,
    };

    // OpenRouter's own words say little; those of the provider behind it are beside them.
    private static string? WithCause(string? message, JsonObject members) =>
        message is not null && (members["metadata"] as JsonObject)?.TextOf("raw") is { } cause ? $"{message}: {cause}" : message;

    private static IEnumerable<string> CodesIn(JsonNode? node, int depth) => node is not JsonObject members || depth > MaxDepth
        ? []
        : Wrappers.SelectMany(name => CodesIn(members[name], depth + 1)).Concat(
            Codes.Select(name => members[name]).OfType<JsonValue>().Select(static code => code.ToString())
                .Where(static code => code is not ("" or "error")));

    private static bool IsTransientCode(string code) =>
        long.TryParse(code, System.Globalization.CultureInfo.InvariantCulture, out var number)
        && (number is 408 or 429 or (>= 500 and < 600) || ZhipuTransient.Contains(number));

    private static bool IsAboutTheMoment(string text)
    {
        text = text.Replace('_', ' ').Replace('-', ' ');
        return TransientWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))
            && !LastingWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
