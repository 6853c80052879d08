using System.Globalization;
using System.Text;
using CloudFunction.Runtime.Tasks;
using SideBySide.Processes;
using SideBySide.Report;
using TaskStore;

// Measures the task store with no HTTP and no worker: how many rounds, and whether to write the report. The first round is discarded.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
const string flushes = "bare flushes/s";
int[] sizes = [1_000, 100_000, 1_000_000];
var machine = await Machine.ReadAsync(CancellationToken.None);
var source = await SourceState.ReadAsync(CancellationToken.None);
var (speeds, bySize) = (new Samples(), new Samples());
for (var round = 0; round <= rounds; round++)
{
    await Console.Error.WriteLineAsync($"Round {round} of {rounds}");
    await MeasureSpeedsAsync(round == 0 ? new Samples() : speeds);
}

// Each size is filled anew for a round, which takes most of its time: fewer rounds are enough, since sizes are compared within one.
for (var round = 0; round <= Math.Min(rounds, 3); round++)
{
    await Console.Error.WriteLineAsync($"Round {round} of the sizes");
    foreach (var size in sizes)
    {
        await MeasureSizeAsync(size, round == 0 ? new Samples() : bySize);
    }
}

var report = Report();
Console.Write(report);
if (!args.Contains("--no-output"))
{
    var name = $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-{source.Commit}{(source.IsDirty ? "-dirty" : "")}-tasks.md";
    await File.WriteAllTextAsync(Path.Combine(Repository.Root, "bench", "results", name), report);
}

static async Task MeasureSpeedsAsync(Samples samples)
{
    samples.Add(flushes, BareFlush.Measure(500));
    foreach (var (callers, tasks) in new[] { (1, 500), (16, 8_000), (64, 30_000) })
    {
        await using var store = MeasuredStore.Open(0);
        samples.Add($"accepted/s, {callers} callers", await store.AcceptAsync(callers, tasks));
    }

    foreach (var (runners, tasks) in new[] { (1, 250), (16, 4_000), (64, 15_000) })
    {
        await using var store = MeasuredStore.Open(0);
        await store.AcceptAsync(256, tasks + 256);
        samples.Add($"claimed, started and finished/s, {runners} runners", await store.FinishAsync(runners, tasks));
    }

    await using var both = MeasuredStore.Open(0);
    await both.AcceptAsync(256, 5_120);
    var accepting = both.AcceptAsync(64, 15_000);
    samples.Add("finished/s, 64 runners, while 64 callers are accepted", await both.FinishAsync(64, 5_000));
    await accepting;
}

static async Task MeasureSizeAsync(int size, Samples samples)
{
    await using var store = MeasuredStore.Open(size);
    samples.Add($"open, ms|{size}", store.OpenMilliseconds);
    samples.Add($"list of 100, all, µs|{size}", await store.ListAsync(new TaskQuery(), 200));
    samples.Add($"list of 100, a project's, µs|{size}", await store.ListAsync(new TaskQuery { Project = "p1" }, 200));
    samples.Add(
        $"list of up to 100, failed of a function, µs|{size}",
        await store.ListAsync(new TaskQuery { Project = "p1", Function = "f1", Status = FunctionTaskStatus.Failed }, 200));
    samples.Add($"accepted/s, 64 callers|{size}", await store.AcceptAsync(64, 10_000));
    samples.Add($"claimed, started and finished/s, 64 runners|{size}", await store.FinishAsync(64, 9_000));
    samples.Add($"swept/s|{size}", await store.SweepAsync(SeededStore.First.AddMilliseconds(Math.Min(size / 2, 10_000))));
}

string Report()
{
    var text = new StringBuilder();
    text.Append(CultureInfo.InvariantCulture, $"# Task store\n\n- Commit: {source.Commit}{(source.IsDirty ? ", with changes" : "")}\n");
    text.Append(
        CultureInfo.InvariantCulture,
        $"- Machine: {machine.Cores} cores, {machine.Processor}, {machine.MemoryGigabytes} GB; {machine.OperatingSystem}; {machine.Runtime}\n- Load "
        + $"average before: {machine.LoadBefore}\n");
    text.Append(
        CultureInfo.InvariantCulture,
        $"- Options: {rounds} rounds ({Math.Min(rounds, 3)} of the sizes); payloads and results of 200 bytes; no HTTP, no worker\n\n");
    text.Append(
        "Every figure is the median over the rounds, with the least and the most of them behind it. A bare flush is 4 KB written over in place and "
        + "flushed to the disk.\n\n");
    var table = new MarkdownTable("what", "measured", "to bare flushes");
    foreach (var name in speeds.Names)
    {
        table.Add(name, speeds.Format(name), speeds.Ratio(name, flushes));
    }

    table.AppendTo(text);
    text.Append("## With finished tasks in the store\n\n");
    var sized = new MarkdownTable(["what", .. sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)), "most to least"]);
    foreach (var name in bySize.Names.Select(name => name.Split('|')[0]).Distinct())
    {
        sized.Add([name, .. sizes.Select(size => bySize.Format($"{name}|{size}")), bySize.Ratio($"{name}|{sizes[^1]}", $"{name}|{sizes[0]}")]);
    }

    sized.AppendTo(text);
    return text.ToString();
}
