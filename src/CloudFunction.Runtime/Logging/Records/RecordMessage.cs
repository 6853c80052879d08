namespace CloudFunction.Runtime.Logging.Records;

/// <summary>Puts what was logged into words.</summary>
internal static class RecordMessage
{
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

    // The last of the values is the template itself, and reading it needs none of the others.
    private static string? TemplateOf<TState>(TState state)
    {
        try
        {
            return state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 and var count } values
                ? values[count - 1].Value as string
                : null;
        }
        catch (Exception)
        {
            return null; // It is somebody's code too.
        }
    }
}
