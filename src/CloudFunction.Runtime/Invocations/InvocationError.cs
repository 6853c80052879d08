namespace CloudFunction.Runtime.Invocations;

/// <summary>What went wrong with an invocation, for its caller.</summary>
/// <param name="Message">What is wrong and, where it is known, what would be right. Never a stack.</param>
/// <param name="ExceptionType">The full name of the function's exception type, where there is one.</param>
/// <param name="Field">Where in the payload: a JSON path such as <c>$.items[2].name</c>, or <c>line 1, byte 17</c>.</param>
internal sealed record InvocationError(string Message, string? ExceptionType = null, string? Field = null);
