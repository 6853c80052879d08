namespace CloudFunction.Runtime.Tests.Projects.Uploads;

/// <summary>Makes zip archives, good ones and those that no program makes.</summary>
internal sealed class TestArchive(params TestEntry[] entries)
{
    /// <summary>How many entries the end says there are; null for the truth.</summary>
    public ulong? Count { get; init; }

    /// <summary>Whether the end's figures are in a ZIP64 record.</summary>
    public bool IsZip64 { get; init; }

    public string Comment { get; init; } = "";

    public MemoryStream Open() => new(Build(), writable: false);

    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var offsets = entries.Select(entry => WriteLocal(writer, entry)).ToArray();
        var start = stream.Position;
        for (var i = 0; i < entries.Length; i++)
        {
            WriteHeader(writer, entries[i], offsets[i]);
        }

        WriteEnd(writer, (ulong)start, (ulong)(stream.Position - start));
        return stream.ToArray();
    }

    private static uint WriteLocal(BinaryWriter writer, TestEntry entry)
    {
        var offset = (uint)writer.BaseStream.Position;
        var packed = entry.Pack();
        writer.Write(0x04034b50u);
        writer.Write((ushort)20);
        writer.Write((ushort)entry.Flags);
        writer.Write((ushort)entry.Method);
        writer.Write(0u); // time
        writer.Write(entry.Checksum);
        writer.Write((uint)packed.Length);
        writer.Write((uint)entry.Bytes);
        writer.Write((ushort)entry.LocalName.Length);
        writer.Write((ushort)0);
        writer.Write(entry.LocalName);
        writer.Write(packed);
        return offset;
    }

    private static void WriteHeader(BinaryWriter writer, TestEntry entry, uint offset)
    {
        writer.Write(0x02014b50u);
        writer.Write((ushort)((3 << 8) | 20));
        writer.Write((ushort)20);
        writer.Write((ushort)entry.Flags);
        writer.Write((ushort)entry.Method);
        writer.Write(0u); // time
        writer.Write(entry.Checksum);
        writer.Write((uint)(entry.PackedBytes ?? entry.Pack().Length));
        writer.Write((uint)entry.Bytes);
        writer.Write((ushort)entry.Name.Length);
        writer.Write((ushort)entry.Extra.Length);
        writer.Write((ushort)0); // comment
        writer.Write((ushort)0); // disk
        writer.Write((ushort)0); // internal attributes
        writer.Write(entry.Attributes);
        writer.Write((uint)(entry.Offset ?? offset));
        writer.Write(entry.Name);
        writer.Write(entry.Extra);
    }

    private void WriteEnd(BinaryWriter writer, ulong start, ulong length)
    {
        var count = Count ?? (ulong)entries.Length;
        if (IsZip64)
        {
            var record = (ulong)writer.BaseStream.Position;
            writer.Write(0x06064b50u);
            writer.Write(44ul);
            writer.Write(0u); // versions
            writer.Write(0ul); // disks
            writer.Write(count);
            writer.Write(count);
            writer.Write(length);
            writer.Write(start);
            writer.Write(0x07064b50u);
            writer.Write(0u);
            writer.Write(record);
            writer.Write(1u);
        }

        writer.Write(0x06054b50u);
        writer.Write(0u); // disks
        writer.Write(IsZip64 ? ushort.MaxValue : (ushort)count);
        writer.Write(IsZip64 ? ushort.MaxValue : (ushort)count);
        writer.Write(IsZip64 ? uint.MaxValue : (uint)length);
        writer.Write(IsZip64 ? uint.MaxValue : (uint)start);
        writer.Write((ushort)Comment.Length);
        writer.Write(Comment.ToCharArray());
    }
}
