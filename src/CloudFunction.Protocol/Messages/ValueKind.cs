namespace CloudFunction.Protocol.Messages;

/// <summary>What a value is that keeps its kind on the way. The numbers are the wire's.</summary>
internal enum ValueKind : byte
{
    Null = 0,
    Text = 1,

    /// <summary>A <see cref="long"/>.</summary>
    Integer = 2,

    /// <summary>A <see cref="double"/>.</summary>
    Floating = 3,
    Boolean = 4,

    /// <summary>A <see cref="decimal"/>: what is counted exactly, and integers beyond <see cref="long"/>.</summary>
    Decimal = 5,
}
