namespace HelloFunctions;

/// <param name="Message">The greeting.</param>
public sealed record GreetResponse(string Message);
