namespace CloudFunction.Worker.Functions;

/// <summary>Which invocation the running code belongs to: what a log record or a line on the console is attributed to.</summary>
/// <remarks>
/// It flows with the execution context, so it is right in every task, timer and thread that an invocation starts, and in every singleton
/// that it calls: loggers of any category and <c>Console</c> know it with no help of theirs. Setting it costs about 30 ns and two small
/// objects on each call. A thread-static would be cheaper but lost at the first await, and there is no hook to capture it there. Nobody
/// has to reset it: it is set inside an async method, and what an async method changes in the execution context ends with its
/// synchronous part.
/// </remarks>
internal static class InvocationScope
{
    private static readonly AsyncLocal<InvocationContext?> Ambient = new();

    /// <summary>The invocation whose code runs, or <see langword="null"/> outside of any (hosted services, start, native callbacks). Code that
    /// an invocation left running after its end still belongs to it.</summary>
    public static InvocationContext? Current => Ambient.Value;

    /// <summary>Makes <paramref name="invocation"/> the current one for the rest of the calling async method and all that it starts.</summary>
    public static void Set(InvocationContext? invocation) => Ambient.Value = invocation;
}
