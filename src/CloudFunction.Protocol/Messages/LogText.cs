namespace CloudFunction.Protocol.Messages;

/// <summary>Puts what was logged through Microsoft.Extensions.Logging into words, on both sides.</summary>
internal static class LogText
{
    /// <summary>The name of the value that is the template of the message itself.</summary>
    public const string TemplateName = "{OriginalFormat}";

    /// <summary>The message; where it cannot be made, such as of a template with fewer values than places, the template and why. A log call is no
    /// reason to fail for whoever makes it.</summary>
    public static string Of<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception);
        }
        catch (Exception e)
        {
            // The values' own text is somebody's code, as the formatter is.
            return $"{TemplateOf(state)} (the message cannot be made of its values: {e.GetType()})";
        }
    }

    /// <summary>The template that a message is made of; null where there is none. It is the last of the values, and reading it needs none of
    /// the others.</summary>
    public static string? TemplateOf(object? state)
    {
        try
        {
            return state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 and var count } values
                && values[count - 1] is { Key: TemplateName } last
                    ? last.Value as string
                    : null;
        }
        catch (Exception)
        {
            return null; // It is somebody's code too.
        }
    }
}
