using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Testing.Time;

/// <summary>Makes a time provider that follows a <see cref="TestClock"/>.</summary>
internal static class FollowedTime
{
    /// <summary>Connects to a clock and takes its present.</summary>
    /// <param name="path">Where it is.</param>
    public static FakeTimeProvider Follow(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        var stream = new NetworkStream(socket, ownsSocket: true);
        var (reader, writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true });
        var time = new FakeTimeProvider(Read(reader.ReadLine()!));
        writer.WriteLine();

        // A thread of its own: the pool may be busy with functions that wait for this very time.
        new Thread(() => Run(time, reader, writer)) { IsBackground = true, Name = "test clock" }.Start();
        return time;
    }

    private static void Run(FakeTimeProvider time, StreamReader reader, StreamWriter writer)
    {
        try
        {
            while (reader.ReadLine() is { } line)
            {
                time.SetUtcNow(Read(line)); // Runs what is due.
                writer.WriteLine();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test is over.
        }
        finally
        {
            reader.Dispose();
        }
    }

    private static DateTimeOffset Read(string line) => new(long.Parse(line, CultureInfo.InvariantCulture), TimeSpan.Zero);
}
