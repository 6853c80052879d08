using System.IO.Compression;
using System.Text;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

/// <summary>One entry of a <see cref="TestArchive"/>; what its header says can be anything.</summary>
internal sealed record TestEntry
{
    public TestEntry(string name, string content = "content")
        : this(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(content))
    {
    }

    public TestEntry(byte[] name, byte[] content)
    {
        Name = name;
        LocalName = name;
        Content = content;
        Bytes = content.Length;
        Checksum = ChecksumOf(content);
    }

    public byte[] Name { get; init; }

    public byte[] LocalName { get; init; }

    public byte[] Content { get; init; }

    public long Bytes { get; init; }

    public long? PackedBytes { get; init; }

    public uint Checksum { get; init; }

    public int Method { get; init; } = 8;

    public int Flags { get; init; } = 1 << 11;

    public uint Attributes { get; init; }

    public byte[] Extra { get; init; } = [];

    public long? Offset { get; init; }

    /// <summary>With the Unix mode of the type and rights in octal.</summary>
    public TestEntry WithMode(string octal) => this with { Attributes = (uint)Convert.ToInt32(octal, 8) << 16 };

    public byte[] Pack()
    {
        if (Method != 8)
        {
            return Content;
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(Content);
        }

        return packed.ToArray();
    }

    // Bit by bit, so that it shares nothing with what it tests.
    private static uint ChecksumOf(byte[] content)
    {
        var state = uint.MaxValue;
        foreach (var value in content)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * 0xEDB88320);
            }
        }

        return ~state;
    }
}
