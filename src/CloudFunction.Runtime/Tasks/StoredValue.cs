using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Bytes that are stored, or held: a small value in memory, a large one where it is read in pieces. Nothing is open between two pieces, so
/// that whoever is sent them can hold nothing. Thread safe.</summary>
internal sealed class StoredValue
{
    /// <summary>No bytes.</summary>
    public static readonly StoredValue Empty = new(ReadOnlyMemory<byte>.Empty);

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadPiece? _read;

    public StoredValue(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        Length = memory.Length;
    }

    public StoredValue(long length, ReadPiece read)
    {
        Length = length;
        _read = read;
    }

    /// <summary>What is held, for as long as it is.</summary>
    public StoredValue(HeldBody body)
        : this(body.Length, body.ReadAsync)
    {
    }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>Whether it has none.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>All of it where it is in memory; else null.</summary>
    public ReadOnlyMemory<byte>? Memory => _read is null ? _memory : default(ReadOnlyMemory<byte>?); // A plain null would be empty memory.

    public static implicit operator StoredValue(byte[] bytes) => new(bytes);

    public static implicit operator StoredValue(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Begins to read it. What is deleted meanwhile breaks off with a <see cref="StoredValueGoneException"/>.</summary>
    public ValueReader Open() => _read is null ? new ValueReader(_memory) : new ValueReader(_read);

    /// <summary>What reads a call's body from it.</summary>
    public PipeReader OpenPipe() => _read is null
        ? PipeReader.Create(new ReadOnlySequence<byte>(_memory))
        : PieceStream.OpenPipe(Length, _read);

    /// <summary>All of it, of a value that is known to be small enough.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted since it was found, or is not what was stored.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (Memory is { } memory)
        {
            return memory;
        }

        using var reader = Open();
        var whole = new ArrayBufferWriter<byte>((int)Length);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } piece)
        {
            whole.Write(piece.Span);
        }

        return whole.WrittenMemory;
    }
}
