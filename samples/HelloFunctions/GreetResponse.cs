namespace HelloFunctions;

public sealed record GreetResponse(string Message);
