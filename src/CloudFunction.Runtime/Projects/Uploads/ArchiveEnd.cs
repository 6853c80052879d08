using System.Buffers.Binary;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>What the end of a zip archive states of its directory (APPNOTE 4.3.14 to 4.3.16,
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT): enough to refuse one with a million entries before the first of
/// them is read.</summary>
/// <param name="Count">How many entries; at least one, and no more than allowed.</param>
/// <param name="Offset">Where the directory begins.</param>
/// <param name="Bytes">How long it is; it lies within the archive.</param>
internal sealed record ArchiveEnd(int Count, long Offset, long Bytes)
{
    private const uint LocalSignature = 0x04034b50;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint Zip64Signature = 0x06064b50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int Zip64Bytes = 56;
    private const string WhatIsRight = "send the whole of a file that a zip program has made.";

    /// <summary>Reads it.</summary>
    /// <exception cref="ProjectException">The archive is none, is cut short, has no entries or too many, or is one part of several.</exception>
    public static async Task<ArchiveEnd> ReadAsync(Stream archive, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        // The record is followed by a comment of up to 65,535 bytes, and by nothing else.
        var tail = new byte[Math.Min(archive.Length, EndBytes + ushort.MaxValue)];
        archive.Position = archive.Length - tail.Length;
        await archive.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
        var index = Find(tail);
        if (index < 0)
        {
            var isCut = await StartsAsArchiveAsync(archive, cancellationToken).ConfigureAwait(false);
            throw ArchiveRefusal.Of(
                isCut ? $"is a zip archive with its end missing, or with something after it: {WhatIsRight}" : $"is not a zip archive: {WhatIsRight}");
        }

        var position = archive.Length - tail.Length + index;
        var end = tail.AsMemory(index, EndBytes);
        var isSplit = ReadUInt32(end, 4) != 0; // this disk's number and that of the directory's
        ulong here = ReadUInt16(end, 8), count = ReadUInt16(end, 10), bytes = ReadUInt32(end, 12), offset = ReadUInt32(end, 16);
        if ((count == ushort.MaxValue || bytes == uint.MaxValue || offset == uint.MaxValue)
            && await ReadZip64Async(archive, position, cancellationToken).ConfigureAwait(false) is var (record, start))
        {
            position = start;
            isSplit = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(16)) != 0;
            here = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(24));
            count = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(32));
            bytes = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(40));
            offset = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(48));
        }

        if (isSplit || here != count)
        {
            throw ArchiveRefusal.Of("is one part of an archive that was split: make a single file of it.");
        }

        if (count > (ulong)limits.MaxEntries)
        {
            throw ArchiveRefusal.Of($"has {count} entries; at most {limits.MaxEntries} are allowed. Leave out what is not needed to run.");
        }

        if (bytes > ArchiveLimits.MaxDirectoryBytes)
        {
            throw ArchiveRefusal.Of(
                $"has a directory of {bytes} bytes for {count} entries; at most {ArchiveLimits.MaxDirectoryBytes} are allowed. "
                + "Shorten the entries' paths, and leave out comments and extra fields.");
        }

        if (count == 0)
        {
            throw ArchiveRefusal.Of("is an archive with no entries: put the project's files into it.");
        }

        return offset <= (ulong)position && bytes <= (ulong)position - offset
            ? new ArchiveEnd((int)count, (long)offset, (long)bytes)
            : throw ArchiveRefusal.Of($"is a damaged archive, for its directory is not where its end record points: {WhatIsRight}");
    }

    private static int Find(ReadOnlySpan<byte> tail)
    {
        for (var i = tail.Length - EndBytes; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[i..]) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(tail[(i + 20)..]) == tail.Length - EndBytes - i)
            {
                return i;
            }
        }

        return -1;
    }

    private static async Task<bool> StartsAsArchiveAsync(Stream archive, CancellationToken cancellationToken)
    {
        var head = new byte[sizeof(uint)];
        archive.Position = 0;
        return await archive.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == head.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(head) == LocalSignature;
    }

    /// <summary>The larger record of a ZIP64 archive, and where it begins; null where the archive is not one.</summary>
    private static async Task<(byte[] Record, long Start)?> ReadZip64Async(Stream archive, long end, CancellationToken cancellationToken)
    {
        if (end < LocatorBytes)
        {
            return null;
        }

        var locator = new byte[LocatorBytes];
        archive.Position = end - LocatorBytes;
        await archive.ReadExactlyAsync(locator, cancellationToken).ConfigureAwait(false);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
        {
            return null;
        }

        var start = BinaryPrimitives.ReadUInt64LittleEndian(locator.AsSpan(8));
        var record = new byte[Zip64Bytes];
        if (end >= LocatorBytes + Zip64Bytes && start <= (ulong)(end - LocatorBytes - Zip64Bytes))
        {
            archive.Position = (long)start;
            await archive.ReadExactlyAsync(record, cancellationToken).ConfigureAwait(false);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(record) == Zip64Signature
            ? (record, (long)start)
            : throw ArchiveRefusal.Of($"is a damaged archive, for its ZIP64 record is not where its end record points: {WhatIsRight}");
    }

    private static ushort ReadUInt16(ReadOnlyMemory<byte> record, int index) => BinaryPrimitives.ReadUInt16LittleEndian(record.Span[index..]);

    private static uint ReadUInt32(ReadOnlyMemory<byte> record, int index) => BinaryPrimitives.ReadUInt32LittleEndian(record.Span[index..]);
}
