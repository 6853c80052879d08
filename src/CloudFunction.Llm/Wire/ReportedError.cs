using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>An error as a provider reports it, whatever shape it has.</summary>
/// <param name="Reason">Its own words, with its code where there is one.</param>
/// <param name="IsTransient">Whether it is about the moment, such as a limit of rates, and not about the request.</param>
internal sealed record ReportedError(string Reason, bool IsTransient)
{
    private const int MaxDepth = 5;

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

    private static readonly string[] WordsOfFailure = ["error", "exception", "fail", "fatal"];

    private static readonly string[] WordsOfSuccess = ["ok", "success", "succeeded", "successful", "ping", "成功"];

    /// <summary>The error in a piece of an answer; <see langword="null"/> where it has none.</summary>
    /// <param name="piece">A whole answer, or a chunk.</param>
    public static ReportedError? In(JsonNode? piece)
    {
        if (piece is JsonArray list)
        {
            return list.Select(In).FirstOrDefault(static error => error is not null); // Google's.
        }

        if (piece is not JsonObject answer)
        {
            return null;
        }

        if (ErrorMembers.ErrorsOf(answer).Any(IsError))
        {
            return Of(answer);
        }

        if (answer["base_resp"] is JsonObject status && status.NumberOf("status_code") is not (null or 0))
        {
            return Of(status) with { IsTransient = MiniMaxTransient.Contains(status.NumberOf("status_code")!.Value) };
        }

        foreach (var choice in answer.ChoicesOf())
        {
            if (ErrorMembers.ErrorsOf(choice).Concat(choice.MessageOf() is { } message ? ErrorMembers.ErrorsOf(message) : []).FirstOrDefault(IsError)
                is { } error)
            {
                return Of(error);
            }

            if (choice.TextOf("finish_reason") is { } reason && IsFailure(reason))
            {
                return new ReportedError($"it ended with the finish_reason {reason}", IsTransient: false);
            }
        }

        return InItself(answer);
    }

    /// <summary>Whether a word, such as an event's type, stands for an error.</summary>
    public static bool IsFailure(string word) => WordsOfFailure.Any(failure => word.Contains(failure, StringComparison.OrdinalIgnoreCase));

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

        var text = PlainText.Of(System.Text.Encoding.UTF8.GetString(body.Trim(" \t\r\n\""u8)));
        return new ReportedError(text.Length == 0 ? "it gave no reason" : text, IsAboutTheMoment(text));
    }

    private static ReportedError Of(JsonNode error)
    {
        var reason = MessageIn(error, 0) ?? error.ToJsonString(JsonText.Options);
        var codes = CodesIn(error, 0).ToArray();
        var code = codes.FirstOrDefault(code => !reason.Contains(code.Text, StringComparison.OrdinalIgnoreCase));
        var text = string.Join(' ', codes.Select(static code => code.Text).Append(reason));
        return new ReportedError(
            code.Text is null ? reason : $"{reason} ({code.Name} {code.Text})",
            codes.Any(static code => IsTransientCode(code.Text)) || IsAboutTheMoment(text));
    }

    private static bool IsError(JsonNode? node) => node switch
    {
        null => false,
        JsonObject members => members.Any(static member => IsError(member.Value)) && !ErrorMembers.CodesOf(members).Any(IsSuccess),
        JsonArray list => list.Any(IsError),
        _ => node.ToJsonString() is not ("\"\"" or "false" or "0"),
    };

    // An answer that is an error as a whole. It has the words for one, or a code other than those of success, and nothing of an answer.
    private static ReportedError? InItself(JsonObject answer)
    {
        var codes = ErrorMembers.CodesOf(answer).OfType<JsonValue>().Where(static code => code.ToString().Length > 0).ToArray();
        var kinds = ErrorMembers.KindsOf(answer).OfType<JsonValue>().ToArray();
        var message = MessageIn(answer, 0);
        if (codes.Concat(kinds).Any(IsSuccess) || (message is not null && IsSuccess(JsonValue.Create(message))))
        {
            return null;
        }

        var isError = answer.ChoicesOf().Any(HasOutput)
            ? message is not null && codes.Any(static code => JsonMembers.ToNumber(code) is >= 400 and < 600)
            : codes.Length > 0 || kinds.Any(static kind => IsFailure(kind.ToString()))
                || (message is not null && !answer.ChoicesOf().Any() && answer["usage"] is not JsonObject);
        return isError ? Of(answer)
            : answer["choices"] is null ? ErrorMembers.EnvelopesOf(answer).Select(In).FirstOrDefault(static error => error is not null)
            : null;
    }

    private static bool HasOutput(JsonObject choice) =>
        JsonMembers.HasAny(choice["text"]) || JsonMembers.HasAny(choice["content"])
        || new[] { choice["delta"], choice["message"] }.Any(static message => message is JsonObject members
            ? members.Any(static member => member.Key != "role" && JsonMembers.HasAny(member.Value))
            : JsonMembers.HasAny(message));

    private static bool IsSuccess(JsonNode? node) => node is JsonValue
        && (JsonMembers.ToNumber(node) is 0 or (>= 200 and < 300)
            || WordsOfSuccess.Contains(node.ToString().Trim(' ', '.', '!'), StringComparer.OrdinalIgnoreCase));

    private static string? MessageIn(JsonNode? node, int depth) => node switch
    {
        _ when depth > MaxDepth => null,
        JsonValue value when value.TryGetValue(out string? text) => string.IsNullOrWhiteSpace(text) ? null : text,
        JsonArray list => string.Join("; ", list.Select(item => MessageIn(item, depth + 1)).OfType<string>()) is { Length: > 0 } text ? text : null,
        JsonObject members => WithCause(
            ErrorMembers.MessagesOf(members).Select(message => MessageIn(message, depth + 1)).FirstOrDefault(text => text is not null), members),
        _ => null,
    };

    // OpenRouter's own words say little; those of the provider behind it are beside them.
    private static string? WithCause(string? message, JsonObject members) =>
        message is not null && (members["metadata"] as JsonObject)?.TextOf("raw") is { } cause ? $"{message}: {cause}" : message;

    // OpenAI's type is the kind of an error; other providers have their codes under names like it.
    private static IEnumerable<(string Name, string Text)> CodesIn(JsonNode? node, int depth)
    {
        if (node is not JsonObject members || depth > MaxDepth)
        {
            return [];
        }

        return ErrorMembers.ErrorsOf(members).Concat(ErrorMembers.MessagesOf(members)).SelectMany(inner => CodesIn(inner, depth + 1))
            .Concat(CodesAmong(ErrorMembers.CodesOf(members), "code"))
            .Concat(CodesAmong(ErrorMembers.KindsOf(members).Where(kind => kind != members["type"] && kind != members["object"]), "code"))
            .Concat(CodesAmong([members["type"]], "type"));
    }

    private static IEnumerable<(string Name, string Text)> CodesAmong(IEnumerable<JsonNode?> nodes, string name) => nodes.OfType<JsonValue>()
        .Select(code => (name, code.ToString())).Where(static code => code.Item2 is not ("" or "error"));

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
