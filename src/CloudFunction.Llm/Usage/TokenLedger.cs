using System.Globalization;
using System.Text.Json;

namespace CloudFunction.Llm.Usage;

/// <summary>What a project has used day by day: a small file in its data directory that all of its workers share, one at a time.</summary>
internal sealed class TokenLedger(string dataDirectory, TimeProvider time) : IDisposable
{
    private const int KeptDays = 31;

    // Another worker holds the lock for about a millisecond.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly string _path = Path.Combine(dataDirectory, "llm-usage.json");
    private readonly string _lockPath = Path.Combine(dataDirectory, "llm-usage.lock");
    private readonly SemaphoreSlim _mine = new(1);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>One day's usage, sorted by provider and model; today's where none is named.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async ValueTask<IReadOnlyList<LlmUsage>> ReadAsync(DateOnly? day, CancellationToken cancellationToken)
    {
        var days = await LoadAsync(cancellationToken).ConfigureAwait(false); // Without the lock: the file is replaced whole.
        return days.TryGetValue(KeyOf(day ?? Today), out var usages)
            ? [.. usages.OrderBy(u => u.Provider, StringComparer.Ordinal).ThenBy(u => u.Model, StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Adds to today's usage. It is not to be cancelled: what was used was used.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public async ValueTask AddAsync(LlmUsage usage)
    {
        await _mine.WaitAsync().ConfigureAwait(false);
        try
        {
            var held = await LockAsync().ConfigureAwait(false);
            await using var _ = held.ConfigureAwait(false);
            var days = await LoadAsync(CancellationToken.None).ConfigureAwait(false);
            Add(days, usage);
            var next = _path + ".new";
            await File.WriteAllBytesAsync(
                next, JsonSerializer.SerializeToUtf8Bytes(days, LedgerJson.Web.DictionaryStringListLlmUsage)).ConfigureAwait(false);
            File.Move(next, _path, overwrite: true);
        }
        finally
        {
            _mine.Release();
        }
    }

    public void Dispose() => _mine.Dispose();

    private static string KeyOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Add(Dictionary<string, List<LlmUsage>> days, LlmUsage usage)
    {
        var today = KeyOf(Today);
        if (!days.TryGetValue(today, out var usages))
        {
            days[today] = usages = [];
        }

        var index = usages.FindIndex(u => u.Provider == usage.Provider && u.Model == usage.Model);
        if (index < 0)
        {
            usages.Add(usage);
        }
        else
        {
            var before = usages[index];
            usages[index] = before with
            {
                Requests = before.Requests + usage.Requests,
                InputTokens = before.InputTokens + usage.InputTokens,
                OutputTokens = before.OutputTokens + usage.OutputTokens,
            };
        }

        foreach (var old in days.Keys.Order(StringComparer.Ordinal).SkipLast(KeptDays).ToArray())
        {
            days.Remove(old);
        }
    }

    private async ValueTask<Dictionary<string, List<LlmUsage>>> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await File.ReadAllBytesAsync(_path, cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(text, LedgerJson.Web.DictionaryStringListLlmUsage) ?? [];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
        catch (JsonException exception)
        {
            throw new IOException(
                $"{_path}, where the tokens of each day are counted, is no longer what was written: {exception.Message} Move it away to begin anew.",
                exception);
        }
    }

    // The system lets go of it with a worker that dies.
    private async ValueTask<FileStream> LockAsync()
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (time.GetElapsedTime(began) < MaxWait)
            {
                await Task.Delay(RetryInterval, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
