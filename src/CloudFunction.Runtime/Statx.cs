using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CloudFunction.Runtime;

/// <summary>What the kernel knows of a file or folder: statx(2), whose structure and constants are the same on every architecture. Linux
/// only.</summary>
internal static partial class Statx
{
    /// <summary>Of the structure, in bytes.</summary>
    public const int Length = 256;

    /// <summary>Where the type and the rights are, 16 bits.</summary>
    public const int ModeOffset = 28;

    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS

    private static volatile bool _isMissing = !OperatingSystem.IsLinux();

    /// <summary>Reads it; links are followed.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="found">Receives <see cref="Length"/> bytes.</param>
    /// <returns>Whether it could be read: not where there is no such entry, nor where the file system does not keep all of it.</returns>
    public static bool TryRead(string path, Span<byte> found)
    {
        if (_isMissing || !OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return Read(CurrentDirectory, path, 0, BasicStats, found) == 0 && (MemoryMarshal.Read<uint>(found) & BasicStats) == BasicStats;
        }
        catch (EntryPointNotFoundException)
        {
            _isMissing = true; // A C library older than glibc 2.28 (2018).
            return false;
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(int directory, string path, int flags, uint mask, Span<byte> buffer);
}
