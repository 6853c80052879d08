using CloudFunction.Runtime.Projects;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class ProjectStateStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLogger<ProjectStateStore> _logger = new();
    private readonly FakeTimeProvider _time = new(Start);

    private string StateFile => _folder.Combine("data", "state", "projects.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FlushAsync_Reopened_KeepsEverything()
    {
        using (var store = Open())
        {
            var record = store.GetOrAdd("hello");
            var counters = store.Get("hello", "greet");
            _time.Advance(TimeSpan.FromMinutes(1));
            counters.Record(_time.GetUtcNow());
            counters.Record(_time.GetUtcNow() - TimeSpan.FromSeconds(10));
            record.SetStopped(true);
            await store.FlushAsync(CancellationToken.None);
        }

        _time.Advance(TimeSpan.FromHours(1));
        using var reopened = Open();
        var kept = reopened.GetOrAdd("hello");
        var keptCounters = reopened.Get("hello", "greet");
        Assert.Equal((Start, Start.AddMinutes(1), true), (kept.CreatedAt, kept.UpdatedAt, kept.IsStopped));
        Assert.Equal((Start, Start.AddMinutes(1), 2L), (keptCounters.CreatedAt, keptCounters.LastExecuted, keptCounters.ExecutionCount));
        Assert.Empty(_logger.Messages);
    }

    [Fact]
    public void Get_SameFunction_GivesTheSameObject()
    {
        using var store = Open();

        Assert.Same(store.Get("hello", "greet"), store.Get("hello", "greet"));
        Assert.Same(store.GetOrAdd("hello"), store.GetOrAdd("hello"));
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        using var store = Open();
        var counters = store.Get("hello", "greet");

        Parallel.For(0, 10_000, i => counters.Record(Start.AddSeconds(i)));

        Assert.Equal(10_000, counters.ExecutionCount);
        Assert.Equal(Start.AddSeconds(9_999), counters.LastExecuted);
    }

    [Fact]
    public async Task FlushAsync_NothingChanged_WritesNothing()
    {
        using var store = Open();
        store.GetOrAdd("hello");
        await store.FlushAsync(CancellationToken.None);
        File.Delete(StateFile);

        await store.FlushAsync(CancellationToken.None);
        Assert.False(File.Exists(StateFile));

        store.Get("hello", "greet").Record(Start);
        await store.FlushAsync(CancellationToken.None);
        Assert.True(File.Exists(StateFile));
    }

    [Fact]
    public async Task FlushAsync_AfterAFailure_TriesAgain()
    {
        using var store = Open();
        store.GetOrAdd("hello").Touch();
        Directory.CreateDirectory(StateFile); // where the file should be

        await Assert.ThrowsAnyAsync<SystemException>(() => store.FlushAsync(CancellationToken.None));
        Directory.Delete(StateFile);
        await store.FlushAsync(CancellationToken.None);

        Assert.True(File.Exists(StateFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"projects":{"hello":{"created_at":"yesterday"}}}""")]
    public void Open_CorruptStateFileIsKeptAsideAndLogged(string text)
    {
        _folder.Write("data/state/projects.json", text);

        using var store = Open();

        Assert.Equal(Start, store.GetOrAdd("hello").CreatedAt);
        Assert.Contains("is corrupt", Assert.Single(_logger.Messages), StringComparison.Ordinal);
        var aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(StateFile)!));
        Assert.Equal(text, File.ReadAllText(aside));
    }

    [Fact]
    public async Task Remove_KnownProject_IsForgottenOnDiskToo()
    {
        using var store = Open();
        store.Get("hello", "greet").Record(Start);
        await store.FlushAsync(CancellationToken.None);

        Assert.True(store.Remove("hello"));
        await store.FlushAsync(CancellationToken.None);

        using var reopened = Open();
        Assert.Equal(0, reopened.Get("hello", "greet").ExecutionCount);
    }

    private ProjectStateStore Open() => ProjectStateStore.Open(_folder.Combine("data"), _time, _logger);
}
