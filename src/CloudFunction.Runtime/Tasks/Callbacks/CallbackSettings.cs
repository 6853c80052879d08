using System.Net;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>The settings of callbacks.</summary>
internal sealed record CallbackSettings
{
    /// <summary>How long one try may take, from the first look-up of the name to the response's head (TIMEOUT_NOTIFY).</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The key that they are signed with (CALLBACK_SECRET, by <see cref="SigningKey.Read"/>); null: they are not.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Whether private addresses may be called (CALLBACK_ALLOW_PRIVATE).</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>The addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
