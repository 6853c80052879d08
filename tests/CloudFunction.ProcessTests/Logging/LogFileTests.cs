using System.Globalization;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Logging;

/// <summary>The files that a host writes for its functions, with the logging that it has without any configuration.</summary>
public sealed class LogFileTests
{
    private const long MaxBytes = 10L << 20;
    private const int Lines = 350_000;

    [SkippableFact]
    public async Task AppLog_SeventyMegabytesFromOneFunction_RotatesAndLosesNothing()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithLogging(null).With("loud", "faulty").With("other", "faulty");
        await using var host = await HostProcess.StartAsync(root);

        // 200 bytes of each line and the formatter's 80: 98 MB in app.log, more in json.log, while another project logs too.
        var loud = host.InvokeAsync("loud", "chatter", Request("loud", Lines, pauseEvery: 500));
        var other = host.InvokeAsync("other", "chatter", Request("other", 20_000, pauseEvery: 100));
        Assert.True((await loud).Result.GetDouble() >= 0);
        Assert.True((await other).Result.GetDouble() >= 0);
        await host.StopAsync();

        var files = Directory.GetFiles(root.LogDirectory("loud"), "app.log*").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path));
        Assert.Equal(["app.log", "app.log.1", "app.log.2", "app.log.3", "app.log.4", "app.log.5"], files);
        Assert.All(
            Directory.GetFiles(root.LogDirectory("loud")),
            path => Assert.True(new FileInfo(path).Length <= MaxBytes, $"{path} has {new FileInfo(path).Length} bytes."));

        AssertWhole(root, "loud", "app.log", Lines, isRotated: true);
        AssertWhole(root, "loud", "json.log", Lines, isRotated: true);
        AssertWhole(root, "other", "app.log", 20_000, isRotated: false);
    }

    [SkippableFact]
    public async Task AppLog_HostDoesNotKeepUp_FunctionGoesOnAndEveryLossIsCounted()
    {
        UnixProcess.RequireLinux();
        const int Many = 60_000;
        using var root = new ContentRoot().WithLogging(null).With("loud", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        await host.WorkerOfAsync("loud");

        var call = host.InvokeAsync("loud", "chatter", Request("loud", Many, pauseEvery: 0));
        await root.WaitForMarkerAsync("loud", "loud.started");
        UnixProcess.Signal(host.Pid, UnixProcess.SigStop);
        await root.WaitForMarkerAsync("loud", "loud.held", seconds: 90); // Line after line, while the host takes nothing.
        UnixProcess.Signal(host.Pid, UnixProcess.SigCont);
        await call;
        await host.WorkerOfAsync("loud");
        await host.InvokeAsync("loud", "chatter", Request("last", 1, pauseEvery: 0)); // Says what was lost before it.
        await host.StopAsync();

        var written = NumbersIn(root, "loud", "app.log");
        var dropped = root.LogLines("loud", "app.log").Sum(DroppedIn);
        Assert.True(dropped > 0, "Nothing was dropped: the host kept up.");
        Assert.Equal(Many, written.Count + dropped);
    }

    // On a machine that gives the host no processor for more than a tenth of a second a function's logger drops a record, as it is to: then
    // exactly as many are missing as the log itself says. On any other none is.
    private static void AssertWhole(ContentRoot root, string project, string file, int lines, bool isRotated)
    {
        var numbers = NumbersIn(root, project, file);
        Assert.True(numbers.Count > 100_000 || !isRotated, $"{file} of {project} has only {numbers.Count} lines.");
        Assert.Equal(lines - 1, numbers[^1]);
        Assert.True(
            numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second), $"Lines of {file} of {project} are out of order, or there twice.");
        var missing = lines - (isRotated ? numbers[0] : 0) - numbers.Count;
        Assert.Equal(Dropped(root, project, file, atMost: missing), missing);
    }

    // Those of the files that are gone are not among the missing ones.
    private static int Dropped(ContentRoot root, string project, string file, int atMost) =>
        Math.Min(atMost, root.LogLines(project, file).Sum(line => DroppedIn(line)));

    private static int DroppedIn(string line)
    {
        const string Notice = "Dropped ";
        var start = line.IndexOf(Notice, StringComparison.Ordinal);
        return start < 0 ? 0 : int.Parse(line[(start + Notice.Length)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string Request(string id, int lines, int pauseEvery) =>
        $$"""{"id":"{{id}}","lines":{{lines}},"lineBytes":200,"pauseEvery":{{pauseEvery}}}""";

    /// <summary>The numbers of the chatter's lines, in the order of the files; a torn one fails.</summary>
    private static List<int> NumbersIn(ContentRoot root, string project, string file)
    {
        List<int> numbers = [];
        foreach (var line in root.LogLines(project, file))
        {
            var start = line.IndexOf($"{project} 0", StringComparison.Ordinal);
            if (start < 0)
            {
                continue; // The host's own record of the invocation, or of losses.
            }

            Assert.True(line.Contains("..!", StringComparison.Ordinal), $"A line of {file} is torn: {line}");
            numbers.Add(int.Parse(line.AsSpan(start + project.Length + 1, 7), CultureInfo.InvariantCulture));
        }

        return numbers;
    }
}
