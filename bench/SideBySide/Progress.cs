namespace SideBySide;

/// <summary>What is happening goes to standard error, so that standard output is the report alone.</summary>
internal static class Progress
{
    public static void Report(string what) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss}  {what}");
}
