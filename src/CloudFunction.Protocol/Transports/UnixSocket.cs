using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CloudFunction.Protocol.Transports;

/// <summary>The one call that .NET's sockets lack: a send that returns instead of blocking, on a socket that otherwise blocks.
/// Its twin on Windows is the sending thread of <see cref="Connections.FrameWriter"/>.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixSocket
{
    // Values of sys/socket.h and errno.h. MSG_NOSIGNAL is not known on macOS, where .NET ignores SIGPIPE all the same.
    private const int LinuxDontWait = 0x40;
    private const int LinuxNoSignal = 0x4000;
    private const int BsdDontWait = 0x80;
    private const int Interrupted = 4;
    private const int LinuxAgain = 11;
    private const int BsdAgain = 35;
    private const int BsdNoBuffers = 55;

    private static readonly bool Linux = OperatingSystem.IsLinux() || OperatingSystem.IsAndroid();
    private static readonly int Flags = Linux ? LinuxDontWait | LinuxNoSignal : BsdDontWait;

    /// <summary>Sends as much as fits.</summary>
    /// <returns>How many bytes were taken; 0 where the call would have blocked.</returns>
    /// <exception cref="IOException">The socket failed.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static int TrySend(SafeSocketHandle socket, ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var sent = Send(socket, data, (nuint)data.Length, Flags);
            if (sent >= 0)
            {
                return (int)sent;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Interrupted)
            {
                continue;
            }

            if (Linux ? error == LinuxAgain : error is BsdAgain or BsdNoBuffers)
            {
                return 0;
            }

            throw new IOException($"Sending to the socket failed: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> buffer, nuint length, int flags);
}
