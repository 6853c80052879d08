using System.Security.Cryptography;

namespace CloudFunction.Runtime.Invocations;

/// <summary>Ids of invocations: unique over hosts and time, no secret.</summary>
internal static class InvocationId
{
    // A host's random half, and a counter that begins at a random place: as unique as 128 random bits, and much cheaper.
    private static readonly ulong Host = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static ulong _counter = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>A new id.</summary>
    public static UInt128 New() => new(Host, Interlocked.Increment(ref _counter));

    /// <summary>The id as people read it: 32 lower-case hexadecimal digits.</summary>
    public static string Format(UInt128 id) => id.ToString("x32", null);
}
