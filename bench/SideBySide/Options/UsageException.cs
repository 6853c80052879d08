namespace SideBySide.Options;

/// <summary>What was asked for cannot be done: a wrong option, or a tool that is not installed.</summary>
internal sealed class UsageException(string message) : Exception(message);
