namespace CloudFunction.Llm.Wire;

/// <summary>Describes a body that is no answer at all.</summary>
internal static class NoAnswer
{
    /// <summary>An exception with what came in its place.</summary>
    /// <param name="reader">Has read the body.</param>
    /// <param name="what">What is known of it, or <see langword="null"/>.</param>
    /// <param name="innerException">What was caught.</param>
    public static AnswerException Of(AnswerReader reader, string? what, Exception? innerException = null)
    {
        var beginning = PlainText.Of(reader.Beginning);
        var body = beginning.Length == 0 ? "an empty body" : $"it begins: {beginning}";
        return new AnswerException(AnswerFault.NoCompletion, what is null ? body : $"{what}; {body}", innerException: innerException);
    }
}
