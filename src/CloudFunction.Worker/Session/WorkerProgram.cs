using System.Net.Sockets;
using System.Reflection;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Worker.Session;

/// <summary>A worker as a process: what the bootstrap calls.</summary>
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
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        var session = new WorkerSession(new SocketTransport(socket), new WorkerIdentity(workerId, secret), loadEntry, TimeProvider.System, warmUp: true);
        session.CaptureConsole();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => session.OnExit();
        TaskScheduler.UnobservedTaskException += (_, e) =>
            WorkerLog.UnobservedTaskException(session.Logger, e.Exception);
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            session.ReportCrash(e.ExceptionObject as Exception ?? new InvalidOperationException($"What was thrown is no exception: {e.ExceptionObject}"));

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
}
