namespace HelloFunctions;

/// <param name="Milliseconds">How long to wait; 0 or more.</param>
public sealed record WaitRequest(int Milliseconds);
