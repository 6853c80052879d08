namespace SideBySide.Systems;

internal sealed record GreetResponse(string Message);
