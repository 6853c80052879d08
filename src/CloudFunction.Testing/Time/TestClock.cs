using System.Globalization;
using System.Net.Sockets;

namespace CloudFunction.Testing.Time;

/// <summary>The time of a project under test, which moves only when the test says so. Whoever follows it connects to a Unix domain socket,
/// be it in this process or in a worker's, and is notified of every step; a step is done once all have taken it.</summary>
internal sealed class TestClock : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Socket _socket;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<(StreamReader Reader, StreamWriter Writer)> _followers = [];
    private long _ticks;

    private TestClock(DateTimeOffset start)
    {
        _ticks = start.UtcTicks;
        _folder = Directory.CreateTempSubdirectory("cf-");
        Path = System.IO.Path.Combine(_folder.FullName, "clock");
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _socket.Listen();
    }

    /// <summary>Where to connect.</summary>
    public string Path { get; }

    /// <summary>The present.</summary>
    public DateTimeOffset UtcNow => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Starts a clock.</summary>
    public static TestClock Start(DateTimeOffset start)
    {
        var clock = new TestClock(start);
        _ = clock.AcceptAsync(); // Ends with the socket.
        return clock;
    }

    /// <summary>Moves on, and waits until all followers have.</summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _ticks, _ticks + by.Ticks);
            foreach (var follower in _followers.ToArray())
            {
                if (!await NotifyAsync(follower.Reader, follower.Writer, cancellationToken).ConfigureAwait(false))
                {
                    _followers.Remove(follower);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        foreach (var (reader, _) in _followers)
        {
            reader.Dispose();
        }

        _folder.Delete(recursive: true);
        _turn.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var stream = new NetworkStream(await _socket.AcceptAsync().ConfigureAwait(false), ownsSocket: true);
                await _turn.WaitAsync().ConfigureAwait(false);
                try
                {
                    var (reader, writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true });
                    if (await NotifyAsync(reader, writer, CancellationToken.None).ConfigureAwait(false))
                    {
                        _followers.Add((reader, writer));
                    }
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task<bool> NotifyAsync(StreamReader reader, StreamWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteLineAsync(_ticks.ToString(CultureInfo.InvariantCulture).AsMemory(), cancellationToken).ConfigureAwait(false);
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (IOException)
        {
            return false; // The project has ended.
        }
    }
}
