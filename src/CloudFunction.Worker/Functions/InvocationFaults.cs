using System.Reflection;

namespace CloudFunction.Worker.Functions;

/// <summary>Makes failures of what has ended an invocation.</summary>
internal static class InvocationFaults
{
    /// <summary>The token had fired.</summary>
    public static InvocationFailure Cancelled(Exception? exception) =>
        new(FailureKind.Cancelled, "The invocation was cancelled.", exception?.GetType().FullName, null, exception);

    /// <summary>The function's constructor or its method threw <paramref name="exception"/>.</summary>
    public static InvocationFailure OfFunction(Exception exception, CancellationToken cancellationToken)
    {
        exception = Unwrap(exception);
        return exception is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? Cancelled(exception)
            : InvocationFailure.Of(exception);
    }

    /// <summary>Serializing the result threw <paramref name="exception"/>.</summary>
    public static InvocationFailure OfResult(Exception exception, CancellationToken cancellationToken)
    {
        exception = Unwrap(exception);
        return exception switch
        {
            ResultTooLargeException => new(FailureKind.FunctionFailed, exception.Message, null, null, exception),
            OperationCanceledException when cancellationToken.IsCancellationRequested => Cancelled(exception),
            _ => new(
                FailureKind.FunctionFailed,
                $"The result cannot be serialized as JSON: {InvocationFailure.MessageOf(exception)}",
                exception.GetType().FullName,
                null,
                exception),
        };
    }

    // Reflection in the user's own code wraps what was thrown, and adds nothing of its own.
    private static Exception Unwrap(Exception exception)
    {
        while (exception is TargetInvocationException { InnerException: { } inner })
        {
            exception = inner;
        }

        return exception;
    }
}
