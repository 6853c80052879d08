using System.Text.Json;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Testing.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Testing;

/// <summary>How a project is run for a test.</summary>
public sealed class FunctionTestOptions
{
    /// <summary>The environment variable that says where tests run which say nothing themselves: <c>none</c> or <c>process</c>.</summary>
    public const string IsolationVariable = "CLOUDFUNCTION_TEST_ISOLATION";

    /// <summary>Where the project runs: <see cref="WorkerIsolation.None"/> in the test's process, where breakpoints hit, or
    /// <see cref="WorkerIsolation.Process"/> in a real worker. Default: what the variable <see cref="IsolationVariable"/>
    /// says, else none.</summary>
    public WorkerIsolation Isolation { get; set; } = IsolationOfTheRun();

    /// <summary>The project's name: <see cref="FunctionContext.Project"/>. Default <c>test</c>.</summary>
    public string Project { get; set; } = "test";

    /// <summary>The project's own environment variables, as its <c>.env</c> would hold them. They overlay its <c>appsettings.json</c> and
    /// those of the test's process.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(EnvironmentNames.Comparer);

    /// <summary>The project's durable folder. Default null: an empty one, removed at the end.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>How long a call may take whose function names no limit. Default 30 seconds. It runs on real time, fake time or not.</summary>
    public TimeSpan FunctionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the project may take to load. Default 30 seconds.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>From which level on records are taken into <see cref="FunctionTestHost.Logs"/>. Default <see cref="LogLevel.Trace"/>; what
    /// the project itself filters (<c>Logging:LogLevel</c>) does not come.</summary>
    public LogLevel MinLogLevel { get; set; } = LogLevel.Trace;

    /// <summary>How requests are written and results read. Default: web defaults, as callers have them.</summary>
    public JsonSerializerOptions Json { get; set; } = JsonSerializerOptions.Web;

    internal DateTimeOffset? FakeTimeStart { get; private set; }

    internal List<Type> Startups { get; } = [];

    internal List<Action<IServiceCollection>> Services { get; } = [];

    /// <summary>Gives the project a <see cref="TimeProvider"/> whose time stands still until
    /// <see cref="FunctionTestHost.AdvanceTimeAsync"/>. The runtime's own limits, such as <see cref="FunctionTimeout"/>,
    /// stay on real time.</summary>
    /// <param name="start">Its first time. Default: midnight of 1 January 2000, UTC.</param>
    public void UseFakeTime(DateTimeOffset? start = null) => FakeTimeStart = start ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs a startup of the test's behind the project's own, to replace services. It works both ways: a worker makes it anew.</summary>
    /// <typeparam name="TStartup">A class with a constructor that takes nothing.</typeparam>
    public void UseStartup<TStartup>()
        where TStartup : class, IFunctionStartup, new() => Startups.Add(typeof(TStartup));

    /// <summary>Changes services behind the project's own startup. The test's objects cannot be in another process: with
    /// <see cref="WorkerIsolation.Process"/> this is refused, and <see cref="UseStartup{TStartup}"/> is the way.</summary>
    /// <param name="configure">Changes them.</param>
    public void ConfigureServices(Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Add(configure);
    }

    internal void Validate()
    {
        if (!Protocol.NameRule.IsValid(Project))
        {
            throw new InvalidOperationException($"'{Project}' cannot be a project's name; allowed are {Protocol.NameRule.Text}.");
        }

        if (Isolation == WorkerIsolation.Process && Services.Count > 0)
        {
            throw new InvalidOperationException(
                "ConfigureServices takes objects of the test's process, and the project runs in a worker's: use UseStartup<T>(), or set "
                + $"{nameof(Isolation)} to {nameof(WorkerIsolation.None)}.");
        }

        foreach (var name in Environment.Keys.Where(TestStartup.IsOwn))
        {
            throw new InvalidOperationException($"The variable {name} is the test host's own.");
        }
    }

    private static WorkerIsolation IsolationOfTheRun() => System.Environment.GetEnvironmentVariable(IsolationVariable) switch
    {
        null or "" => WorkerIsolation.None,
        var text when SettingSyntax.TryParseIsolation(text, out var isolation) => isolation,
        var text => throw new InvalidOperationException($"{IsolationVariable} is '{text}'; allowed is process or none."),
    };
}
