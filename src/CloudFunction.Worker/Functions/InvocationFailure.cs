namespace CloudFunction.Worker.Functions;

/// <summary>Why an invocation has no result.</summary>
/// <param name="Kind">Who is to blame.</param>
/// <param name="Message">What happened, in words for the caller. Never a stack.</param>
/// <param name="ExceptionType">The full name of the exception's type, or <see langword="null"/> where the worker itself found the fault.</param>
/// <param name="Field">Where in the payload the fault lies: a JSON path for a typed function, <c>line L, byte B</c> for an untyped one
/// (lines from 1, bytes of the line from 0). <see langword="null"/> unless the payload is at fault.</param>
/// <param name="Exception">What was caught, for the project's log alone.</param>
internal sealed record InvocationFailure(FailureKind Kind, string Message, string? ExceptionType, string? Field, Exception? Exception)
{
    /// <summary>A failure of the function through <paramref name="exception"/>, with the exception's own message.</summary>
    public static InvocationFailure Of(Exception exception) =>
        new(FailureKind.FunctionFailed, MessageOf(exception), exception.GetType().FullName, null, exception);

    /// <summary>The exception's message, even where reading it throws.</summary>
    public static string MessageOf(Exception exception)
    {
        // Message is virtual: a user's override may throw, and must not turn one failed call into a lost worker.
        try
        {
            return exception.Message;
        }
        catch (Exception)
        {
            return "The exception's message cannot be read.";
        }
    }
}
