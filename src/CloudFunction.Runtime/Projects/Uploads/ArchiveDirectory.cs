using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Reads the directory of a zip archive (APPNOTE 4.3.12, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). It is the
/// only reader of it: what is checked and what is unpacked cannot be two different things.</summary>
internal static class ArchiveDirectory
{
    private const uint Signature = 0x02014b50;
    private const int HeaderBytes = 46;
    private const int Zip64Extra = 1;
    private const int Utf8Flag = 1 << 11;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All entries as they stand, in the order of their content.</summary>
    /// <exception cref="ProjectException">It is damaged, or two entries share their content.</exception>
    public static async Task<IReadOnlyList<ArchiveEntry>> ReadAsync(Stream archive, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        var end = await ArchiveEnd.ReadAsync(archive, limits, cancellationToken).ConfigureAwait(false);
        var entries = new List<ArchiveEntry>();
        var header = new byte[HeaderBytes];
        var text = ArrayPool<byte>.Shared.Rent(3 * ushort.MaxValue); // name, extra fields and comment, each up to 65,535 bytes
        try
        {
            archive.Position = end.Offset;
            var left = end.Bytes;
            for (var i = 0; i < end.Count; i++)
            {
                left -= HeaderBytes;
                if (left >= 0)
                {
                    await archive.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
                }

                if (left < 0 || BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature)
                {
                    throw Damaged($"it is to have {end.Count} entries, and has {i}");
                }

                var name = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
                var extra = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
                var length = name + extra + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
                left -= length;
                if (left < 0)
                {
                    throw Damaged("it ends within an entry");
                }

                await archive.ReadExactlyAsync(text.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                entries.Add(Read(header, text.AsSpan(0, name), text.AsSpan(name, extra)));
            }

            if (left > 0)
            {
                throw Damaged($"it is to have {end.Count} entries, and has more");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }

        return Bound(entries, (ulong)end.Offset);
    }

    private static ArchiveEntry Read(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        ulong packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        ulong bytes = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        ulong offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        var large = FindZip64(extra);
        ReadLarge(ref bytes, ref large);
        ReadLarge(ref packed, ref large);
        ReadLarge(ref offset, ref large);
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        var isText = TryDecode(name, flags, out var decoded);
        return new ArchiveEntry
        {
            Name = decoded,
            IsText = isText,
            Flags = flags,
            Method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            Checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            PackedBytes = packed,
            Bytes = bytes,
            Offset = offset,
            Attributes = BinaryPrimitives.ReadUInt32LittleEndian(header[38..]),
        };
    }

    /// <summary>The values that are too large for the header, of which there are those alone that do not fit.</summary>
    private static ReadOnlySpan<byte> FindZip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break; // Nothing that matters here: programs pad these.
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Extra)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static void ReadLarge(ref ulong value, ref ReadOnlySpan<byte> large)
    {
        if (value == uint.MaxValue && large.Length >= sizeof(ulong))
        {
            value = BinaryPrimitives.ReadUInt64LittleEndian(large);
            large = large[sizeof(ulong)..];
        }
    }

    /// <summary>Names are UTF-8 where the flag is set. Without it they are in the code page of whoever made the archive, and many programs
    /// take UTF-8 for that.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> name, int flags, out string decoded)
    {
        try
        {
            decoded = StrictUtf8.GetString(name);
            return true;
        }
        catch (DecoderFallbackException)
        {
            // Only to be shown.
            decoded = (flags & Utf8Flag) != 0 ? Encoding.UTF8.GetString(name) : Encoding.Latin1.GetString(name);
            return false;
        }
    }

    /// <summary>Sets for each entry where it has to end.</summary>
    private static List<ArchiveEntry> Bound(List<ArchiveEntry> entries, ulong directory)
    {
        entries.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i] with { End = i + 1 < entries.Count ? entries[i + 1].Offset : directory };
            if (entry.Offset > entry.End || entry.PackedBytes > entry.End - entry.Offset)
            {
                throw ArchiveRefusal.Of(entry.Name, "reaches into another one, or beyond the archive's end: make the archive anew.");
            }

            entries[i] = entry;
        }

        return entries;
    }

    private static ProjectException Damaged(string reason) =>
        ArchiveRefusal.Of($"is an archive with a damaged directory ({reason}): make the archive anew.");
}
