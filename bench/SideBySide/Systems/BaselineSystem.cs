using System.Text;
using System.Text.Json;
using SideBySide.Memory;
using SideBySide.Processes;

namespace SideBySide.Systems;

/// <summary>A baseline: this executable in other roles, one process for the minimal API, two for the proxy and its backend.</summary>
internal sealed class BaselineSystem : MeasuredSystem
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private readonly List<ChildProcess> _processes = [];
    private DirectoryInfo? _socketDirectory;

    private BaselineSystem(string name, int port)
    {
        Name = name;
        Port = port;
    }

    public override string Name { get; }

    public override int Port { get; }

    public override string Path => "/greet";

    protected override IReadOnlyList<ChildProcess> Processes => _processes;

    public static Task<BaselineSystem> StartInProcessAsync(CancellationToken cancellationToken)
    {
        var system = new BaselineSystem(SystemNames.InProcess, FreePort.Take());
        return system.StartAsync(() => system.AddRole("minimal", "--port", $"{system.Port}"), cancellationToken);
    }

    public static Task<BaselineSystem> StartYarpAsync(string name, CancellationToken cancellationToken)
    {
        var system = new BaselineSystem(name, FreePort.Take());
        return system.StartAsync(
            () =>
            {
                system._socketDirectory = Directory.CreateTempSubdirectory("sbs-");
                var socket = System.IO.Path.Combine(system._socketDirectory.FullName, "backend");
                var http = name == SystemNames.YarpHttp2 ? "2" : "1";
                system.AddRole("backend", "--socket", socket, "--http", http);
                system.AddRole("yarp", "--port", $"{system.Port}", "--socket", socket, "--http", http);
            },
            cancellationToken);
    }

    public override IEnumerable<MemoryReading> ReadMemory(string moment) =>
        _processes.Select(process => new MemoryReading(
            process.Name == "backend" ? $"{Name}: backend" : Name, moment, ResidentMemory.Bytes(process.Id)));

    protected override void DeleteFiles() => _socketDirectory?.Delete(recursive: true);

    protected override string? GreetingIn(JsonElement answer) => answer.GetProperty("message").GetString();

    private void AddRole(string role, params string[] arguments) =>
        _processes.Add(ChildProcess.StartDotnet(role == "backend" ? role : Name, typeof(Program).Assembly.Location, [role, .. arguments]));

    private async Task<BaselineSystem> StartAsync(Action start, CancellationToken cancellationToken)
    {
        try
        {
            start();
            await WaitUntilAsync("the first answer", AnswerProblemAsync, StartTimeout, cancellationToken);
            await CheckAnswerAsync(cancellationToken);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<string?> AnswerProblemAsync(CancellationToken cancellationToken)
    {
        using var content = new StringContent(Payload, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(Uri, content, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"it answers {(int)response.StatusCode}";
    }
}
