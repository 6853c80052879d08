namespace HelloFunctions;

/// <param name="A">The first number.</param>
/// <param name="B">The second number.</param>
public sealed record AddRequest(decimal A, decimal B);
