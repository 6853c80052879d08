using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Unpacks one entry of an archive and holds it to what the directory states of it.</summary>
internal static class EntryReader
{
    // APPNOTE 4.3.7.
    private const uint Signature = 0x04034b50;
    private const int HeaderBytes = 30;
    private const string Anew = "make the archive anew.";

    /// <summary>Copies its content.</summary>
    /// <param name="archive">The whole archive.</param>
    /// <param name="entry">Which entry; its claims have been checked as far as they can be without reading it.</param>
    /// <param name="output">Gets the content, and never more of it than the directory states.</param>
    /// <param name="buffer">For the use of this method.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProjectException">It is not what the directory states, or damaged.</exception>
    public static async Task CopyAsync(Stream archive, ArchiveEntry entry, Stream output, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await FindContentAsync(archive, entry, cancellationToken).ConfigureAwait(false);
            using var section = new ArchiveSection(archive, (long)entry.PackedBytes);
            using var content = entry.Method == ArchiveEntry.Deflated ? new DeflateStream(section, CompressionMode.Decompress) : (Stream)section;
            var checksum = default(Crc32);
            ulong length = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += (ulong)read;
                if (length > entry.Bytes)
                {
                    throw ArchiveRefusal.Of(entry.Name, $"unpacks to more than the {entry.Bytes} bytes that the archive's directory states: {Anew}");
                }

                checksum.Add(buffer.Span[..read]);
                await output.WriteAsync(buffer[..read], cancellationToken).ConfigureAwait(false);
            }

            if (length < entry.Bytes)
            {
                throw ArchiveRefusal.Of(entry.Name, $"unpacks to {length} bytes, and the archive's directory states {entry.Bytes}: {Anew}");
            }

            if (checksum.Value != entry.Checksum)
            {
                throw ArchiveRefusal.Of(entry.Name, $"is damaged, for its checksum is not the one in the archive's directory: {Anew}");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw ArchiveRefusal.Of(entry.Name, $"is damaged: {Anew}", exception);
        }
    }

    /// <summary>Goes to where its content begins.</summary>
    private static async Task FindContentAsync(Stream archive, ArchiveEntry entry, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        archive.Position = (long)entry.Offset;
        await archive.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26));
        var start = entry.Offset + HeaderBytes + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        var expected = Encoding.UTF8.GetBytes(entry.Name);
        var name = new byte[nameLength == expected.Length ? nameLength : 0];
        await archive.ReadExactlyAsync(name, cancellationToken).ConfigureAwait(false);

        // What goes by the header before the content would get another file than what goes by the directory: no honest program makes that.
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature
            || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8)) != entry.Method
            || !name.AsSpan().SequenceEqual(expected))
        {
            throw ArchiveRefusal.Of(entry.Name, $"is not what stands where the archive's directory places it: {Anew}");
        }

        if (start > entry.End || entry.PackedBytes > entry.End - start)
        {
            throw ArchiveRefusal.Of(entry.Name, $"reaches into another one, or beyond the archive's end: {Anew}");
        }

        archive.Position = (long)start;
    }
}
