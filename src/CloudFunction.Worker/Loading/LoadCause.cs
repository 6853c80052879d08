using System.Reflection;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Loading;

/// <summary>Finds the exception that has the cause among those that only wrap it.</summary>
internal static class LoadCause
{
    /// <summary>What reflection, or the assembly loader, has wrapped; <paramref name="exception"/> itself where neither has.</summary>
    public static Exception Of(Exception exception)
    {
        while (exception switch
        {
            TargetInvocationException { InnerException: { } thrown } => thrown,

            // What the bootstrap's resolution throws about two versions comes back inside an exception that names neither.
            FileLoadException { InnerException: FileLoadException refused } => refused,
            _ => null,
        } is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    /// <summary>The message of that exception.</summary>
    public static string MessageOf(Exception exception) => InvocationFailure.MessageOf(Of(exception));
}
