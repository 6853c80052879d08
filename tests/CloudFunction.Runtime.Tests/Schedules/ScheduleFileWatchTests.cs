using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class ScheduleFileWatchTests : IDisposable
{
    private const string One = "tasks: {projects: {shop: {one: {function: f, cron: '0 0 * * *'}}}}";
    private const string Two = "tasks: {projects: {shop: {one: {function: f, cron: '0 0 * * *'}, two: {function: f, cron: '0 0 * * *'}}}}";

    private readonly TemporaryDirectory _folder = new();
    private readonly List<string> _applied = [];
    private readonly RecordingLogger<ScheduleFileWatch> _logger = new();
    private readonly ScheduleFileWatch _watch;
    private bool _isApplying = true;

    public ScheduleFileWatchTests() => _watch = new ScheduleFileWatch(
        new WatchedFile(File), "UTC",
        (definitions, _) =>
        {
            _applied.Add(string.Join(' ', definitions.Select(d => d.Name)));
            return _isApplying ? Task.CompletedTask : throw new InvalidOperationException("It broke.");
        },
        new FakeTimeProvider(), _logger);

    private string File => _folder.Combine("scheduler_config.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PollAsync_FileComesChangesAndGoes_AppliesEachOnce()
    {
        await _watch.StartAsync(default);
        System.IO.File.WriteAllText(File, One);
        await LookTwiceAsync();
        System.IO.File.WriteAllText(File, Two);
        await LookTwiceAsync();
        System.IO.File.Delete(File);
        await LookTwiceAsync();
        await LookTwiceAsync();

        Assert.Equal(["", "one", "one two", ""], _applied);
    }

    [Fact]
    public async Task PollAsync_IsReplacedByAnEditor_KeepsTheSchedules()
    {
        System.IO.File.WriteAllText(File, One);
        await _watch.StartAsync(default);

        System.IO.File.Delete(File);
        await _watch.PollAsync(default);
        System.IO.File.WriteAllText(File, Two);
        await _watch.PollAsync(default);

        Assert.Equal(["one", "one two"], _applied);
    }

    [Fact]
    public async Task PollAsync_IsBroken_LogsWhereOnceAndKeepsWhatWas()
    {
        System.IO.File.WriteAllText(File, One);
        await _watch.StartAsync(default);

        System.IO.File.WriteAllText(File, "tasks: {projects: {shop: {one: {function: f, cron: 'x'}}}}");
        await LookTwiceAsync();

        Assert.Equal(["one"], _applied);
        Assert.Single(_logger.Messages, message => message.Contains("'x' is not a cron expression", StringComparison.Ordinal));
        System.IO.File.WriteAllText(File, Two);
        await LookTwiceAsync();
        Assert.Equal(["one", "one two"], _applied);
    }

    [Fact]
    public async Task PollAsync_ApplyingFails_GoesOnWithTheNextChange()
    {
        await _watch.StartAsync(default);
        _isApplying = false;
        System.IO.File.WriteAllText(File, One);
        await LookTwiceAsync();

        _isApplying = true;
        System.IO.File.WriteAllText(File, Two);
        await LookTwiceAsync();

        Assert.Equal(["", "one", "one two"], _applied);
    }

    private async Task LookTwiceAsync()
    {
        await _watch.PollAsync(default);
        await _watch.PollAsync(default);
    }
}
