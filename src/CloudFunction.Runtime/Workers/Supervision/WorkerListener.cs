using System.Net.Sockets;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Transports;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Listens for workers on a Unix domain socket. A connection is nobody's until its first frame shows a secret that was handed out.</summary>
internal sealed class WorkerListener : IAsyncDisposable
{
    private const int Backlog = 512;

    // Connections that have not sent a hello. Each has a thread and a descriptor, and code of any project may open them: they must fit into what is
    // spare.
    private const int MaxStrangers = 16;

    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _strangers = new(MaxStrangers);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Action<WorkerConnection, HelloMessage> _onHello;
    private readonly TimeSpan _cancelGrace;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _accepting = Task.CompletedTask;

    /// <param name="path">The socket's path; nothing may be there.</param>
    /// <param name="onHello">Accepts a worker, or throws <see cref="Protocol.ProtocolException"/>.</param>
    /// <param name="cancelGrace">See <see cref="WorkerConnection"/>.</param>
    /// <param name="time">For the 10 s in which a hello has to come.</param>
    /// <param name="logger">Where refused strangers are logged.</param>
    public WorkerListener(
        string path, Action<WorkerConnection, HelloMessage> onHello, TimeSpan cancelGrace, TimeProvider time, ILogger logger)
    {
        Path = path;
        _onHello = onHello;
        _cancelGrace = cancelGrace;
        _time = time;
        _logger = logger;
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>Begins to listen.</summary>
    public void Start()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _socket.Listen(Backlog);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                await _strangers.WaitAsync(_stopping.Token).ConfigureAwait(false);
                var accepted = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = AdmitAsync(accepted);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, most likely: try again once some may have been freed.
                _strangers.Release();
                SupervisorLog.AcceptFailed(_logger, e.SocketErrorCode.ToString());
                try
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), _time, _stopping.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task AdmitAsync(Socket socket)
    {
        var greeted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = new WorkerConnection(
            new SocketTransport(socket),
            (c, hello) =>
            {
                _onHello(c, hello);
                greeted.TrySetResult();
            },
            _cancelGrace,
            _time);
        try
        {
            connection.Start();
            var first = await Task.WhenAny(greeted.Task, connection.Ended, Task.Delay(HelloTimeout, _time, _stopping.Token)).ConfigureAwait(false);
            if (first == connection.Ended)
            {
                var end = await connection.Ended.ConfigureAwait(false);
                SupervisorLog.StrangerRefused(_logger, end.Message);
            }
            else if (first != greeted.Task)
            {
                SupervisorLog.StrangerRefused(_logger, "It did not send its hello in time.");
                connection.Dispose();
            }
        }
        finally
        {
            _strangers.Release();
        }
    }
}
