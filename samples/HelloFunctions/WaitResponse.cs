namespace HelloFunctions;

/// <param name="Waited">The milliseconds it waited.</param>
public sealed record WaitResponse(int Waited);
