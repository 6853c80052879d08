namespace CloudFunction.AspNetCore.Transfers;

/// <summary>Which time limit a client's part of a transfer went beyond.</summary>
internal enum TransferLimit
{
    /// <summary>None.</summary>
    None,

    /// <summary>BODY_IDLE_TIMEOUT: not a byte came or went.</summary>
    Idle,

    /// <summary>BODY_TIMEOUT: bytes came or went, but too slowly.</summary>
    Total,

    /// <summary>It stood still for a shorter while, and others needed the room that it held.</summary>
    Room,
}
