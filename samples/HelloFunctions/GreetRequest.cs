namespace HelloFunctions;

/// <param name="Name">Whom to greet; the world where there is none.</param>
public sealed record GreetRequest(string? Name = null);
