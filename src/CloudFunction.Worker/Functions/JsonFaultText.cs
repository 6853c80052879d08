using System.Text.Json;

namespace CloudFunction.Worker.Functions;

/// <summary>What the serializer reports of a payload, in words for whoever sent it: with no .NET types, which are the project's own, and without the
/// place, which is reported apart.</summary>
internal static class JsonFaultText
{
    private const string NotConverted = "The JSON value could not be converted to ";
    private const string MissingStart = "JSON deserialization for type '";
    private const string MissingEnd = "' was missing required properties including: ";
    private const string NoDiscriminator = "The JSON payload for polymorphic interface or abstract type '";
    private const string NoMember = "Each parameter in the deserialization constructor on type '";
    private const string Unmapped = " any .NET member contained in type '";
    private const int MaxNames = 20;
    private const string Advice = " Consider updating its nullability annotation.";

    private static readonly string[] Places = [" Path: ", " LineNumber: "];
    private static readonly string[] BeforeTypes = [" encountered during deserialization of type '", Unmapped, " on type '", " for type '"];

    // How messages end that name options of the reader, which whoever sent the payload does not have.
    private static readonly (string Said, string Meant)[] Advices =
    [
        (Advice, ""),
        (" which is not supported in this mode. Change the reader options.", ", which JSON does not have."),
        (", when isFinalBlock is true", ""),
    ];

    /// <summary>Whether the text is no JSON, rather than JSON that does not fit.</summary>
    public static bool IsOfSyntax(JsonException exception) =>
        exception.GetType() != typeof(JsonException) || exception.InnerException is JsonException { InnerException: null } inner
            && inner.GetType() != typeof(JsonException);

    /// <summary>Whether a value has not the form of its type.</summary>
    public static bool IsOfValue(Exception exception) =>
        exception is JsonException && InvocationFailure.MessageOf(exception).StartsWith(NotConverted, StringComparison.Ordinal);

    /// <summary>Whether properties are missing.</summary>
    public static bool IsOfMissing(Exception exception) =>
        exception is JsonException && InvocationFailure.MessageOf(exception) is var message
        && message.StartsWith(MissingStart, StringComparison.Ordinal) && message.Contains(MissingEnd, StringComparison.Ordinal);

    /// <summary>The words for text that is no JSON, with its place.</summary>
    public static string OfSyntax(JsonException exception) =>
        PayloadFault.TextAt(
            Of(InvocationFailure.MessageOf(exception)), PayloadFault.Place(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0));

    /// <summary>The words for required properties that are missing.</summary>
    public static string OfMissing(IEnumerable<string> names)
    {
        var all = names.Select(name => $"'{name}'").ToList();
        return $"Required properties are missing: {string.Join(", ", all.Take(MaxNames))}{(all.Count > MaxNames ? ", …" : "")}.";
    }

    /// <summary>The words for whatever binding has thrown.</summary>
    public static string Of(Exception exception)
    {
        var message = InvocationFailure.MessageOf(exception);
        return exception switch
        {
            JsonException => Of(message),
            NotSupportedException when Places.Any(place => message.Contains(place, StringComparison.Ordinal)) => OfUnsupported(message),
            InvalidOperationException when message.StartsWith(NoMember, StringComparison.Ordinal) => OfUnsupported(message),
            _ => message,
        };
    }

    /// <summary>Rewrites a message of System.Text.Json; one that a converter of the project's wrote stays as it is.</summary>
    public static string Of(string message)
    {
        foreach (var place in Places)
        {
            if (message.LastIndexOf(place, StringComparison.Ordinal) is var at and > 0)
            {
                message = message[..at];
                break;
            }
        }

        if (message.StartsWith(NotConverted, StringComparison.Ordinal))
        {
            return $"The JSON value is not {KindOf(message.AsSpan(NotConverted.Length).TrimEnd('.'))}.";
        }

        var missing = message.StartsWith(MissingStart, StringComparison.Ordinal) ? message.IndexOf(MissingEnd, StringComparison.Ordinal) : -1;
        if (missing > 0)
        {
            return $"Required properties are missing: {message[(missing + MissingEnd.Length)..]}";
        }

        message = WithoutType(message);
        foreach (var (said, meant) in Advices)
        {
            message = message.Replace(said, meant, StringComparison.Ordinal);
        }

        return message;
    }

    /// <summary>Rewrites the message of what System.Text.Json does not support.</summary>
    public static string OfUnsupported(string message) => message.StartsWith(NoDiscriminator, StringComparison.Ordinal)
        ? "The object must begin with its type discriminator, the property that names its kind."
        : "No value can be taken here: the type that the function declares cannot be read from JSON.";

    // The last one of the text: names of properties, which come before it, are the sender's and may hold anything.
    private static string WithoutType(string message)
    {
        foreach (var before in BeforeTypes)
        {
            var start = message.LastIndexOf(before, StringComparison.Ordinal);
            var end = start < 0 ? -1 : message.IndexOf('\'', start + before.Length);
            if (end > 0)
            {
                return message[..start] + (before == Unmapped ? " anything that is known here" : "") + message[(end + 1)..];
            }
        }

        return message;
    }

    private static string KindOf(ReadOnlySpan<char> type)
    {
        const string nullable = "System.Nullable`1[";
        if (type.StartsWith(nullable, StringComparison.Ordinal) && type.EndsWith(']'))
        {
            type = type[nullable.Length..^1];
        }

        return ExpectedValue.Of(type.ToString()) ?? "what is expected here";
    }
}
