using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>Reads an answer's body, as a whole or as server-sent events, and never holds more than <see cref="MaxBytes"/> of it.</summary>
/// <remarks>Events are read as the standard has them (https://html.spec.whatwg.org/multipage/server-sent-events.html), with what servers
/// make of it besides: no blank line between events or behind the last one.</remarks>
internal sealed class AnswerReader(Stream source)
{
    /// <summary>How long one event, or a whole answer, may be. Pictures and sound come inside of them, so it is far above any text.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>How much of a body an error's message has.</summary>
    public const int MaxBeginning = 300;

    // Events that no blank line separates have one line each; a text of very many lines is not read again for each of them.
    private const int MaxChecks = 16;

    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly byte[] _beginning = new byte[MaxBeginning];
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private int _begun;
    private int _checks;
    private bool _isPastMark;
    private bool _skipsLineFeed;
    private bool _isBare;

    /// <summary>The data of the last event, until the next one is read.</summary>
    public ReadOnlyMemory<byte> Data => _data.WrittenMemory;

    /// <summary>The last event's type; <see langword="null"/> for <c>message</c>, which is that of all that have none.</summary>
    public string? Type { get; private set; }

    /// <summary>Whether the last event's type is that of an error, such as <c>error</c> or <c>response.failed</c>.</summary>
    public bool IsError => Type is not null && ReportedError.IsFailure(Type);

    /// <summary>Whether all of the body has come.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The first bytes of the body, for an error's message.</summary>
    public ReadOnlySpan<byte> Beginning => _beginning.AsSpan(0, _begun);

    /// <summary>The first byte that is no white space, which stays to be read; <see langword="null"/> where there is none. Providers send
    /// blank lines while a request waits for its turn.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        await SkipMarkAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var next = _buffer.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n"u8);
            if (next >= 0)
            {
                _start += next;
                return _buffer[_start];
            }

            _start = _end;
            if (IsAtEnd)
            {
                return null;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All that has come of the body and was not read as an event.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Reads on in the body, and keeps what comes in <see cref="Rest"/>.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken).ConfigureAwait(false);
        return !IsAtEnd;
    }

    /// <summary>Reads the next event that has data, or is an error.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadEventAsync(CancellationToken cancellationToken)
    {
        await SkipMarkAsync(cancellationToken).ConfigureAwait(false);
        _data.ResetWrittenCount();
        Type = null;
        _isBare = false;
        _checks = 0;
        while (await FindLineAsync(cancellationToken).ConfigureAwait(false) is var length && length >= 0)
        {
            if (length == 0)
            {
                Skip(0);
                if (_data.WrittenCount > 0 || IsError)
                {
                    return true;
                }
            }
            else if (!TryTakeLine(_buffer.AsSpan(_start, length)))
            {
                return true; // The line is the next event's.
            }
            else
            {
                Skip(length);
            }
        }

        return _data.WrittenCount > 0 || IsError;
    }

    // False where the line begins another event though no blank line came before it.
    private bool TryTakeLine(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..];
        var isType = name.SequenceEqual("event"u8);
        if (isType || name.SequenceEqual("data"u8))
        {
            value = value is [(byte)' ', ..] ? value[1..] : value;
        }
        else if (line[0] != ':' && (_isBare || line[0] is (byte)'{' or (byte)'[' or (byte)'<'))
        {
            value = line; // An error that was written into the stream as it is, by a proxy for example.
        }
        else
        {
            return true;
        }

        if (_data.WrittenCount > 0 && IsWhole())
        {
            return false;
        }

        if (isType)
        {
            value = value.Trim(" \t"u8);
            Type = value.IsEmpty || value.SequenceEqual("message"u8) ? null : Encoding.UTF8.GetString(value);
            return true;
        }

        if (_data.WrittenCount > 0)
        {
            if (_data.WrittenCount + value.Length > MaxBytes)
            {
                throw TooLong();
            }

            _data.Write("\n"u8);
        }

        _isBare |= value == line;
        _data.Write(value);
        return true;
    }

    // JSON that spans lines of data is rare, and so is this check.
    private bool IsWhole()
    {
        if (++_checks > MaxChecks)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(_data.WrittenSpan);
            return _data.WrittenSpan.SequenceEqual("[DONE]"u8) || (reader.Read() && reader.TrySkip());
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // How long the next line is, which the buffer has whole then; -1 at the end.
    private async ValueTask<int> FindLineAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny((byte)'\r', (byte)'\n');
            if (found >= 0)
            {
                return searched + found;
            }

            searched = _end - _start;
            if (IsAtEnd)
            {
                return searched > 0 ? searched : -1;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Over a line and its end: LF, CR or CRLF. Whether a CR at the buffer's end has its LF is known at the next byte.
    private void Skip(int length)
    {
        _start += length;
        if (_start < _end && _buffer[_start++] == '\r')
        {
            _skipsLineFeed = _start == _end;
            _start += _start < _end && _buffer[_start] == '\n' ? 1 : 0;
        }
    }

    private async ValueTask SkipMarkAsync(CancellationToken cancellationToken)
    {
        while (!_isPastMark)
        {
            var ahead = _buffer.AsSpan(_start, _end - _start);
            if (ahead.Length < 3 && !IsAtEnd && Encoding.UTF8.Preamble.StartsWith(ahead))
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _start += ahead.StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
                _isPastMark = true;
            }
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
        else if (_end == _buffer.Length && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _buffer.Length)
        {
            if (_end >= MaxBytes)
            {
                throw TooLong();
            }

            Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, MaxBytes));
        }

        int read;
        try
        {
            read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw new AnswerException(AnswerFault.NoCompletion, "it is not compressed as its Content-Encoding claims", innerException: exception);
        }

        var kept = Math.Min(read, MaxBeginning - _begun);
        _buffer.AsSpan(_end, kept).CopyTo(_beginning.AsSpan(_begun));
        _begun += kept;
        _end += read;
        IsAtEnd = read == 0;
        if (_skipsLineFeed && read > 0)
        {
            _start += _buffer[_start] == '\n' ? 1 : 0;
            _skipsLineFeed = false;
        }
    }

    private AnswerException TooLong() => NoAnswer.Of(Beginning, $"more than {MaxBytes / 1024 / 1024} MB in one piece");
}
