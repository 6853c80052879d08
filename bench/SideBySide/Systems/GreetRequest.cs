namespace SideBySide.Systems;

internal sealed record GreetRequest(string Name);
