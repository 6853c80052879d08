using System.Text;

namespace CloudFunction.Llm.Wire;

/// <summary>Describes what is no answer at all.</summary>
internal static class NoAnswer
{
    /// <summary>An exception with what came in its place.</summary>
    /// <param name="body">The body, or the part of it that is wrong, or its beginning.</param>
    /// <param name="what">What is known of it, or <see langword="null"/>.</param>
    /// <param name="innerException">What was caught.</param>
    public static AnswerException Of(ReadOnlySpan<byte> body, string? what, Exception? innerException = null)
    {
        var beginning = PlainText.Of(Encoding.UTF8.GetString(body[..Math.Min(body.Length, AnswerReader.MaxBeginning)]));
        var came = beginning.Length == 0 ? "an empty body" : $"it begins: {beginning}";
        return new AnswerException(AnswerFault.NoCompletion, what is null ? came : $"{what}; {came}", innerException: innerException);
    }
}
