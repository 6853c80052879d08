using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>What the kernel notes of a file whenever its content may have changed, and lets no program set back: which file it is, its
/// size, and the time of its last change (ctime). Linux only: elsewhere there is none, and who wants to know whether a file has changed
/// has to read it.</summary>
internal static class FileStamp
{
    /// <summary>Of a stamp, in bytes.</summary>
    public const int Length = 6 * sizeof(ulong);

    private const int InodeOffset = 32;
    private const int ChangeTimeOffset = 96;
    private const int WriteTimeOffset = 112;
    private const int DeviceOffset = 136;

    /// <summary>Reads a file's stamp; links are followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stamp">Receives <see cref="Length"/> bytes that mean nothing but that they differ.</param>
    /// <param name="changed">When the file was last changed, by the clock of its file system.</param>
    /// <returns>Whether there is a stamp.</returns>
    public static bool TryRead(string path, Span<byte> stamp, out DateTimeOffset changed)
    {
        changed = default;
        Span<byte> found = stackalloc byte[Statx.Length];
        if (!Statx.TryRead(path, found))
        {
            return false;
        }

        found.Slice(InodeOffset, 2 * sizeof(ulong)).CopyTo(stamp);
        Seconds(found, ChangeTimeOffset).CopyTo(stamp[16..]);
        Seconds(found, WriteTimeOffset).CopyTo(stamp[28..]);
        found.Slice(DeviceOffset, sizeof(ulong)).CopyTo(stamp[40..]);
        changed = DateTimeOffset.FromUnixTimeSeconds(MemoryMarshal.Read<long>(found[ChangeTimeOffset..]))
            .AddTicks(MemoryMarshal.Read<uint>(found[(ChangeTimeOffset + sizeof(long))..]) / 100);
        return true;
    }

    // Seconds in 64 bits and nanoseconds in 32.
    private static Span<byte> Seconds(Span<byte> statx, int offset) => statx.Slice(offset, sizeof(long) + sizeof(uint));
}
