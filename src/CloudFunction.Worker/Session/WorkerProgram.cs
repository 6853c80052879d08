using System.Net.Sockets;
using System.Reflection;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Worker.Session;

/// <summary>A worker from outside: as a process, which the bootstrap starts, or in its host's.</summary>
internal static class WorkerProgram
{
    /// <summary>Serves one host until it is gone or drains this worker.</summary>
    /// <param name="socketPath">Where the host listens.</param>
    /// <param name="workerId">The id that it gave this worker.</param>
    /// <param name="secret">The secret that it gave with it.</param>
    /// <param name="loadEntry">Loads the assembly of that name from that folder, with all that it needs.</param>
    /// <returns>The exit code: 0 after a drain. When the host is gone this does not return: the process ends with its group.</returns>
    public static int Run(string socketPath, string workerId, string secret, Func<string, string, Assembly> loadEntry)
    {
        var session = new WorkerSession(Connect(socketPath), new WorkerIdentity(workerId, secret), loadEntry, TimeProvider.System, warmUp: true);
        session.CaptureConsole();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => session.OnExit();
        TaskScheduler.UnobservedTaskException += (_, e) =>
            WorkerLog.UnobservedTaskException(session.Logger, e.Exception);
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            session.ReportCrash(
                e.ExceptionObject as Exception ?? new InvalidOperationException($"What was thrown is not an exception: {e.ExceptionObject}"));

        // This very thread waits: a thread pool that the functions have used up must not keep the worker from ending.
        session.Start();
        var end = session.Ended.GetAwaiter().GetResult();
        if (end.Reason == ConnectionEndReason.Closed)
        {
            return 0;
        }

        // Functions may hold threads, and have started processes: nothing is waited for.
        ProcessGroup.Kill();
        return 1;
    }

    /// <summary>Serves a host from within its own process. The console, the current directory and the end of the process are the host's.</summary>
    /// <param name="socketPath">Where the host listens.</param>
    /// <param name="workerId">The id that it gave this worker.</param>
    /// <param name="secret">The secret that it gave with it.</param>
    /// <param name="loadEntry">Loads the assembly of that name from that folder, with all that it needs.</param>
    /// <param name="environment">Those that the project has beside its own variables.</param>
    /// <param name="end">Ends it without a drain: functions that go on are left to themselves.</param>
    /// <returns>0 after a drain, else 1.</returns>
    public static async Task<int> HostAsync(
        string socketPath, string workerId, string secret, Func<string, string, Assembly> loadEntry, IReadOnlyDictionary<string, string> environment,
        CancellationToken end)
    {
        var variables = new SharedVariables(environment);
        var session = new WorkerSession(
            Connect(socketPath), new WorkerIdentity(workerId, secret), loadEntry, TimeProvider.System, variables: variables);
        session.Start();
        using (end.UnsafeRegister(static session => ((WorkerSession)session!).Cut(), session))
        {
            var reason = (await session.Ended.ConfigureAwait(false)).Reason;
            if (reason == ConnectionEndReason.Closed && !end.IsCancellationRequested)
            {
                return 0;
            }
        }

        await session.ReleaseAsync().ConfigureAwait(false);
        return 1;
    }

    private static SocketTransport Connect(string socketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        return new SocketTransport(socket);
    }
}
