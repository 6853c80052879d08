namespace HelloFunctions;

public sealed record AddRequest(decimal A, decimal B);
