namespace HelloFunctions;

public sealed record WaitRequest(int Milliseconds);
