namespace CloudFunction.Protocol.Connections;

/// <summary>Why a connection ended. The first reason wins.</summary>
internal enum ConnectionEndReason
{
    /// <summary>The peer ended it, or is gone.</summary>
    PeerClosed,

    /// <summary>This side ended it.</summary>
    Closed,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError,

    /// <summary>Reading or writing failed.</summary>
    TransportFailed,
}
