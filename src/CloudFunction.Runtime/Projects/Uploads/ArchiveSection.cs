namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>A part of an archive, to be read once from its beginning; the archive stays open, and only one part of it may be
/// read at a time.</summary>
/// <param name="archive">At the part's beginning.</param>
/// <param name="length">How many bytes it has.</param>
internal sealed class ArchiveSection(Stream archive, long length) : ForwardStream
{
    private long _left = length;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = archive.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await archive.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false);
        _left -= read;
        return read;
    }
}
