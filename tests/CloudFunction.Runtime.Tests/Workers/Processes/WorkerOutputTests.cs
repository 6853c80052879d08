using System.Text;
using CloudFunction.Runtime.Workers.Processes;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Workers.Processes;

public class WorkerOutputTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private long _dropped;

    [Fact]
    public async Task Run_Lines_AreToldOneByOneWithoutTheirEnds()
    {
        await RunAsync("one\r\n\ntwo\nlast without an end"u8.ToArray());
        Assert.Equal(["one", "two", "last without an end"], _lines);
    }

    [Fact]
    public async Task Run_NoNewline_IsCutAndMarked()
    {
        var output = await RunAsync([.. Encoding.ASCII.GetBytes(new string('a', 1_000_000)), (byte)'\n', (byte)'b']);
        Assert.Equal([new string('a', 8 * 1024) + "…", "b"], _lines);
        Assert.InRange(output.Tail.Length, 1, 4096);
    }

    [Fact]
    public async Task Run_NulAndInvalidUtf8_AreMadeVisible()
    {
        await RunAsync([(byte)'a', 0, (byte)'b', 0xFF, 0xC3, (byte)'\n', 0xE6, 0xBC, 0xA2, (byte)'\n']);
        Assert.Equal(["a\\0b\uFFFD\uFFFD", "漢"], _lines);
    }

    [Fact]
    public async Task Run_Flood_IsCappedAndSaysHowManyWereDropped()
    {
        var output = await RunAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n"))));
        Assert.Equal(1000, _lines.Count);
        Assert.Equal(4000, _dropped);
        Assert.EndsWith("line 4999\n", output.Tail, StringComparison.Ordinal); // The tail misses nothing.
    }

    [Fact]
    public async Task Run_BrokenPipe_Ends()
    {
        var output = new WorkerOutput(new BrokenStream(), _lines.Add, n => _dropped += n, _time);
        await output.RunAsync();
        Assert.Empty(_lines);
    }

    private async Task<WorkerOutput> RunAsync(byte[] bytes)
    {
        var output = new WorkerOutput(new MemoryStream(bytes), _lines.Add, n => _dropped += n, _time);
        await output.RunAsync();
        return output;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("broken");
    }
}
