using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>A runtime with the one project <c>hello</c>.</summary>
internal sealed class FakeRuntime : IFunctionRuntime
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 16, 15, 30, 123, TimeSpan.FromHours(8));

    private static readonly WorkerInfo Worker = new("w1", 42, "hello", 3, WorkerState.Ready, 2, 1024, Start);

    public List<string> UnreadyReasons { get; } = [];

    public Exception? Failure { get; set; }

    public string Version => "1.2.3";

    public static ProjectInfo Hello => new(
        "hello",
        ProjectStatus.Running,
        3,
        [
            new FunctionInfo("greet", "问候 \"by\" name", """{"type":"object"}"""u8.ToArray(), default, Start, Start.AddHours(1), Start.AddHours(2), 7),
            new FunctionInfo("wait", null, default, default, Start, Start, null, 0, Disabled: true),
        ],
        ["SECRET", "MODE"],
        ["Polly==8.6.0"],
        [Worker],
        null,
        Start,
        Start.AddHours(1));

    public RuntimeStatus GetStatus() => new(Start, new TimeSpan(2, 30, 59), 1, 2, 256L << 20, [Worker]);

    public IReadOnlyList<string> GetUnreadyReasons() => UnreadyReasons;

    public IReadOnlyList<ProjectInfo> GetProjects() => Failure is null ? [Hello] : throw Failure;

    public ProjectInfo? FindProject(string name) => name == "hello" ? Hello : null;
}
