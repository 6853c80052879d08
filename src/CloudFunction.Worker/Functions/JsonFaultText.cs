namespace CloudFunction.Worker.Functions;

/// <summary>What the serializer reports of a payload, in words for whoever sent it: with no .NET types, which are the project's own, and without the
/// place, which is reported apart.</summary>
internal static class JsonFaultText
{
    private const string NotConverted = "The JSON value could not be converted to ";
    private const string MissingStart = "JSON deserialization for type '";
    private const string MissingEnd = "' was missing required properties including: ";
    private const string NoDiscriminator = "The JSON payload for polymorphic interface or abstract type '";
    private const string Unmapped = " any .NET member contained in type '";
    private const string Advice = " Consider updating its nullability annotation.";

    private static readonly string[] Places = [" Path: ", " LineNumber: "];
    private static readonly string[] BeforeTypes = [" encountered during deserialization of type '", Unmapped, " on type '", " for type '"];

    private static readonly (string Type, string Kind)[] Kinds =
    [
        ("System.String", "a string"), ("System.Char", "one character"), ("System.Boolean", "true or false"),
        ("System.Guid", "a UUID"), ("System.Uri", "a URI"),
        ("System.DateTimeOffset", "a date and time"), ("System.DateTime", "a date and time"),
        ("System.DateOnly", "a date"), ("System.TimeOnly", "a time"), ("System.TimeSpan", "a duration"),
        ("System.Decimal", "a number"), ("System.Double", "a number"), ("System.Single", "a number"), ("System.Half", "a number"),
        ("System.SByte", "a whole number from -128 to 127"), ("System.Byte", "a whole number from 0 to 255"),
        ("System.Int16", "a whole number of 16 bits"), ("System.UInt16", "a whole number of 16 bits, 0 or more"),
        ("System.Int32", "a whole number of 32 bits"), ("System.UInt32", "a whole number of 32 bits, 0 or more"),
        ("System.Int64", "a whole number of 64 bits"), ("System.UInt64", "a whole number of 64 bits, 0 or more"),
        ("System.Int128", "a whole number"), ("System.UInt128", "a whole number, 0 or more"), ("System.Numerics.BigInteger", "a whole number"),
    ];

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

        return WithoutType(message).Replace(Advice, "", StringComparison.Ordinal);
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

        foreach (var (name, kind) in Kinds)
        {
            if (type.SequenceEqual(name))
            {
                return kind;
            }
        }

        return "what is expected here";
    }
}
