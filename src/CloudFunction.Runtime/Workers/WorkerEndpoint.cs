using System.Security.Cryptography;
using System.Text;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Workers;

/// <summary>How a worker reaches the host that has started it: where to connect, and what to show there.</summary>
/// <param name="SocketPath">The Unix domain socket on which the host listens.</param>
/// <param name="WorkerId">The host's name for the worker.</param>
/// <param name="Secret">What no other worker was given.</param>
internal readonly record struct WorkerEndpoint(string SocketPath, string WorkerId, string Secret)
{
    /// <summary>Makes one for a new worker, with a random secret.</summary>
    public static WorkerEndpoint Create(string socketPath, string workerId) =>
        new(socketPath, workerId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Whether a connection's first frame comes from this worker.</summary>
    public bool Matches(HelloMessage hello) =>
        hello.WorkerId == WorkerId && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hello.Secret), Encoding.UTF8.GetBytes(Secret));

    /// <summary>For messages, so without the secret.</summary>
    public override string ToString() => $"{WorkerId} at {SocketPath}";
}
