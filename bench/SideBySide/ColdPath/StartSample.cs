namespace SideBySide.ColdPath;

/// <summary>One start; <c>Attempts</c> are the invokes until one was answered with 200, those before it came ahead of the start.</summary>
internal sealed record StartSample(string Kind, int Round, double Milliseconds, int Attempts)
{
    public const string Bare = "bare .NET process";
    public const string WithStandby = "cold call, STANDBY_WORKERS=1";
    public const string WithoutStandby = "cold call, STANDBY_WORKERS=0";
    public const string OwnProcess = "cold call, process of its own";
    public const string Referenced = "cold call, STANDBY_WORKERS=1, Llm and Data referenced, not used";
    public const string Registered = "cold call, STANDBY_WORKERS=1, Llm and Data registered, not used";
    public const string Used = "cold call, STANDBY_WORKERS=1, Llm client made and SQLite opened";
}
