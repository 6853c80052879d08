using CloudFunction.Runtime.Projects;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class ProjectStateFileTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLogger<ProjectStateFile> _logger = new();
    private readonly FakeTimeProvider _time = new(Start);
    private ProjectStateFile _file;
    private ProjectDecisions _decisions;
    private ProjectCounterStore _counters;

    public ProjectStateFileTests() => (_file, _decisions, _counters) = Make();

    private string StateFile => _folder.Combine("data", "state", "projects.json");

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task FlushAsync_Reopened_KeepsEverything()
    {
        var counters = _counters.GetOrAdd("hello");
        var function = counters.GetFunction("greet");
        _time.Advance(TimeSpan.FromMinutes(1));
        function.Record(_time.GetUtcNow());
        function.Record(_time.GetUtcNow() - TimeSpan.FromSeconds(10));
        counters.Touch();
        await _counters.FlushAsync(default);

        _time.Advance(TimeSpan.FromHours(1));
        Reopen();
        var kept = _counters.GetOrAdd("hello");
        var keptFunction = kept.GetFunction("greet");
        Assert.Equal((Start, Start.AddMinutes(1)), (kept.CreatedAt, kept.UpdatedAt));
        Assert.Equal((Start, Start.AddMinutes(1), 2L), (keptFunction.CreatedAt, keptFunction.LastExecuted, keptFunction.ExecutionCount));
        Assert.Empty(_logger.Messages);
    }

    /// <summary>Neither of the two takes away what the other has written, whatever comes first.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnyChange_OfDecisionsAndCounts_LeavesTheOthers(bool areDecisionsFirst)
    {
        for (var round = 0; round < 2; round++)
        {
            if (areDecisionsFirst == (round == 0))
            {
                await _decisions.SetStoppedAsync("hello", true, default);
                await _decisions.DisableAsync("hello", "greet", default);
            }
            else
            {
                _counters.GetOrAdd("hello").GetFunction("greet").Record(Start);
                _counters.GetOrAdd("hello").GetFunction("other").Record(Start);
                await _counters.FlushAsync(default);
            }
        }

        Reopen();
        Assert.True(_decisions.IsStopped("hello"));
        Assert.Equal((true, false), (_decisions.IsDisabled("hello", "greet"), _decisions.IsDisabled("hello", "other")));
        Assert.Equal(1, _counters.GetOrAdd("hello").GetFunction("greet").ExecutionCount);
        Assert.Equal(1, _counters.GetOrAdd("hello").GetFunction("other").ExecutionCount);
    }

    [Fact]
    public async Task SetStoppedAsync_Returned_IsOnDiskWithoutAFlush()
    {
        await _decisions.SetStoppedAsync("hello", true, default);
        Reopen();
        Assert.True(_decisions.IsStopped("hello"));
        Assert.Equal(Start, _counters.GetOrAdd("hello").CreatedAt);

        await _decisions.SetStoppedAsync("hello", false, default);
        Reopen();
        Assert.False(_decisions.IsStopped("hello"));
    }

    [Fact]
    public async Task DisableAsync_ThereAndBack_IsOnDiskWithoutAFlush()
    {
        await _decisions.DisableAsync("hello", "greet", default);
        Reopen();
        Assert.True(_decisions.IsDisabled("hello", "greet"));
        Assert.Equal((false, false), (_decisions.IsDisabled("hello", "other"), _decisions.IsDisabled("none", "greet")));

        await _decisions.RecordEnabledAsync("hello", "greet", default);
        Reopen();
        Assert.False(_decisions.IsDisabled("hello", "greet"));
    }

    [Fact]
    public async Task AnyDecision_DiskFails_IsAsIfItHadNotBeenMade()
    {
        await _decisions.SetStoppedAsync("hello", true, default);
        Break();

        await Assert.ThrowsAnyAsync<SystemException>(() => _decisions.SetStoppedAsync("hello", false, default));
        await Assert.ThrowsAnyAsync<SystemException>(() => _decisions.DisableAsync("hello", "greet", default));
        Assert.Equal((true, false), (_decisions.IsStopped("hello"), _decisions.IsDisabled("hello", "greet")));

        Mend();
        _counters.GetOrAdd("other");
        await _counters.FlushAsync(default);
        Reopen();
        Assert.Equal((true, false), (_decisions.IsStopped("hello"), _decisions.IsDisabled("hello", "greet")));
    }

    [Fact]
    public async Task RecordServingAsync_DiskFails_CountsAtOnceAndIsWrittenLater()
    {
        await _decisions.SetStoppedAsync("hello", true, default);
        Break();

        await _decisions.RecordServingAsync("hello", default);
        Assert.False(_decisions.IsStopped("hello"));
        Assert.Contains(_logger.Messages, message => message.StartsWith("Error: Saving the projects' state failed (", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<SystemException>(() => _counters.FlushAsync(default));
        Assert.False(_decisions.IsStopped("hello"));

        Mend();
        await _counters.FlushAsync(default);
        Reopen();
        Assert.False(_decisions.IsStopped("hello"));
    }

    /// <summary>What earlier releases wrote, to the letter.</summary>
    [Fact]
    public void Open_FileOfAnEarlierRelease_IsUnderstood()
    {
        _folder.Write("data/state/projects.json", """
            {
              "projects": {
                "hello": {
                  "created_at": "2026-01-02T03:04:05+00:00",
                  "updated_at": "2026-01-03T03:04:05+00:00",
                  "stopped": true,
                  "functions": {
                    "greet": {
                      "created_at": "2026-01-02T03:04:06+00:00",
                      "last_executed": "2026-01-04T03:04:05+00:00",
                      "execution_count": 12,
                      "disabled": true
                    },
                    "other": {
                      "created_at": "2026-01-02T03:04:06+00:00",
                      "last_executed": null,
                      "execution_count": 0
                    }
                  }
                }
              }
            }
            """);

        Reopen();

        var counters = _counters.GetOrAdd("hello");
        Assert.Equal((Start, Start.AddDays(1)), (counters.CreatedAt, counters.UpdatedAt));
        var function = counters.GetFunction("greet");
        Assert.Equal((Start.AddSeconds(1), Start.AddDays(2), 12L), (function.CreatedAt, function.LastExecuted, function.ExecutionCount));
        Assert.True(_decisions.IsStopped("hello"));
        Assert.Equal((true, false), (_decisions.IsDisabled("hello", "greet"), _decisions.IsDisabled("hello", "other")));
    }

    [Fact]
    public void GetFunction_SameFunction_GivesTheSameObject()
    {
        Assert.Same(_counters.GetOrAdd("hello"), _counters.GetOrAdd("hello"));
        Assert.Same(_counters.GetOrAdd("hello").GetFunction("greet"), _counters.GetOrAdd("hello").GetFunction("greet"));
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        var counters = _counters.GetOrAdd("hello").GetFunction("greet");

        Parallel.For(0, 10_000, i => counters.Record(Start.AddSeconds(i)));

        Assert.Equal(10_000, counters.ExecutionCount);
        Assert.Equal(Start.AddSeconds(9_999), counters.LastExecuted);
    }

    [Fact]
    public async Task ChangeAsync_ManyAtOnce_LosesNothing()
    {
        var deciding = Enumerable.Range(0, 20).Select(i => Task.Run(() => _decisions.DisableAsync("hello", $"f{i}", default)));
        var counting = Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            _counters.GetOrAdd($"p{i}").GetFunction("greet").Record(Start);
            await _counters.FlushAsync(default);
        }));

        await Task.WhenAll(deciding.Concat(counting));

        Reopen();
        Assert.All(Enumerable.Range(0, 20), i => Assert.True(_decisions.IsDisabled("hello", $"f{i}")));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(1, _counters.GetOrAdd($"p{i}").GetFunction("greet").ExecutionCount));
    }

    [Fact]
    public async Task FlushAsync_NothingChanged_WritesNothing()
    {
        _counters.GetOrAdd("hello");
        await _counters.FlushAsync(default);
        File.Delete(StateFile);

        await _counters.FlushAsync(default);
        await _decisions.SetStoppedAsync("hello", false, default);
        Assert.False(File.Exists(StateFile));

        _counters.GetOrAdd("hello").GetFunction("greet").Record(Start);
        await _counters.FlushAsync(default);
        Assert.True(File.Exists(StateFile));
    }

    [Fact]
    public async Task FlushAsync_AfterAFailure_TriesAgain()
    {
        _counters.GetOrAdd("hello").Touch();
        Break();

        await Assert.ThrowsAnyAsync<SystemException>(() => _counters.FlushAsync(default));
        Mend();
        await _counters.FlushAsync(default);

        Reopen();
        Assert.True(_counters.Knows("hello"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"projects":{"hello":{"created_at":"yesterday"}}}""")]
    public void Open_CorruptFile_IsKeptAsideAndLogged(string text)
    {
        _folder.Write("data/state/projects.json", text);

        Reopen();

        Assert.Equal(Start, _counters.GetOrAdd("hello").CreatedAt);
        Assert.Contains("is corrupt", Assert.Single(_logger.Messages), StringComparison.Ordinal);
        var aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(StateFile)!));
        Assert.Equal(text, File.ReadAllText(aside));
    }

    [Fact]
    public async Task Remove_KnownProject_IsForgottenOnDiskToo()
    {
        _counters.GetOrAdd("hello").GetFunction("greet").Record(Start);
        await _counters.FlushAsync(default);
        await _decisions.SetStoppedAsync("hello", true, default);

        _counters.Remove("hello");
        Assert.Equal((false, false), (_counters.Knows("hello"), _decisions.IsStopped("hello")));
        await _counters.FlushAsync(default);

        Reopen();
        Assert.Equal((false, false), (_counters.Knows("hello"), _decisions.IsStopped("hello")));
    }

    // A folder where the file should be.
    private void Break()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        File.Delete(StateFile);
        Directory.CreateDirectory(StateFile);
    }

    private void Mend() => Directory.Delete(StateFile);

    private void Reopen()
    {
        _file.Dispose();
        (_file, _decisions, _counters) = Make();
    }

    private (ProjectStateFile File, ProjectDecisions Decisions, ProjectCounterStore Counters) Make()
    {
        var file = new ProjectStateFile(_folder.Combine("data"), _time, _logger);
        file.Open();
        var counters = new ProjectCounterStore(file, _time);
        return (file, new ProjectDecisions(file, counters, new ProjectLog(_logger), _time), counters);
    }
}
