using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Tests.Workers;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>Workers that do of themselves what the file <c>functions.txt</c> of their deployment says: it has the names of its functions, or
/// <c>!</c> and why it does not load, or <c>?</c> where a test says what becomes of it. With the variable
/// <c>FAIL</c> no other loads.</summary>
internal static class FolderWorkers
{
    public const string FileName = "functions.txt";
    public const string Waits = "?";
    public const string FailVariable = "FAIL";

    public static void Run(FakeProcess process)
    {
        process.Link.OnLoad = load => Load(process, load);
        process.Link.OnDrain = () => process.Exit(0);
        process.Connect();
    }

    /// <summary>Has a worker become ready that would not of itself.</summary>
    public static void Release(FakeProcess process) => process.BecomeReady([Describe("late")]);

    private static void Load(FakeProcess process, LoadMessage load)
    {
        var text = File.ReadAllText(Path.Combine(load.DeploymentDirectory, FileName));
        if (text == Waits)
        {
            return;
        }

        if (load.Environment.TryGetValue(FailVariable, out var reason))
        {
            process.FailLoad(reason!);
        }
        else if (text.StartsWith('!'))
        {
            process.FailLoad(text[1..]);
        }
        else
        {
            process.BecomeReady([.. text.Split(' ').Select(Describe)]);
        }
    }

    // One that is called "tick…" runs by the clock.
    private static FunctionDescription Describe(string name) => new(
        name, null, 0, 0, 0, 0, [], [],
        name.StartsWith("tick", StringComparison.Ordinal) ? [new ScheduleDescription("0 * * * *", "UTC", "{}", "once", "skip")] : []);
}
