using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>A stream's events, mended one by one while they are read, and failing where the answer does not come to its end.</summary>
internal sealed class ChatEventStream(Stream source) : Stream
{
    // How much may come before the first output until it is passed on nevertheless: it is roles and the like.
    private const int MaxHeldBytes = 64 * 1024;

    private static readonly FrozenSet<string> WordsBeside = FrozenSet.ToFrozenSet(
        ["ping", "pong", "heartbeat", "keepalive", "keep-alive", "keep alive", "waiting", "processing", "connected", "null", "true", "false", "ok"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly AnswerReader _reader = new(source);
    private readonly AnswerNormalizer _answer = new(streams: true);
    private readonly ArrayBufferWriter<byte> _output = new();
    private int _given;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads until the answer has something for its reader. Until then it may be asked for again.</summary>
    /// <exception cref="AnswerException">There is no answer.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            var first = await _reader.PeekAsync(cancellationToken).ConfigureAwait(false);
            if (first is (byte)'<')
            {
                await _reader.ReadEventAsync(cancellationToken).ConfigureAwait(false);
                throw NoCompletion(null);
            }

            if (first is (byte)'{' or (byte)'[')
            {
                // Asked for a stream, some servers give their answer whole, or an error.
                Write(Normalize(await _reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false)));
                End();
            }

            while (!_isAtEnd && !_answer.State.HasOutput && !_answer.State.IsFinished && _output.WrittenCount < MaxHeldBytes)
            {
                await MoveNextAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException exception) when (exception is not AnswerException)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_given == _output.WrittenCount && !_isAtEnd)
        {
            _output.ResetWrittenCount();
            _given = 0;
            await MoveNextAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _output.WrittenCount - _given);
        _output.WrittenSpan.Slice(_given, count).CopyTo(buffer.Span);
        _given += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A model's answer is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task MoveNextAsync(CancellationToken cancellationToken)
    {
        bool isThere;
        try
        {
            isThere = await _reader.ReadEventAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not AnswerException && _answer.State.IsFinished)
        {
            isThere = false; // The answer is there; what failed after it does not matter.
        }

        if (!isThere || IsDone(_reader.Data.Span))
        {
            End(isThere);
        }
        else if (_reader.IsError || (IsWords(_reader.Data.Span) && _reader.Type is null && !_answer.State.IsFinished))
        {
            throw Reported();
        }
        else
        {
            Write(Normalize(_reader.Data));
        }
    }

    private ReadOnlyMemory<byte> Normalize(ReadOnlyMemory<byte> piece)
    {
        try
        {
            return _answer.Normalize(piece);
        }
        catch (JsonException) when (_answer.State.IsFinished || piece.Span is not [(byte)'{' or (byte)'[', ..])
        {
            return default; // Such as "ping". Where it is all that comes, the end reports it.
        }
        catch (JsonException exception)
        {
            throw JsonText.IsCut(piece.Span) ? BrokeOff()
                : piece.Span is [(byte)'[', ..] && _reader.Type is null ? Reported()
                : NoAnswer.Of(piece.Span, "an event that is not JSON", exception);
        }
    }

    // Once the answer has ended: with what marks its end, or without.
    private void End(bool isMarked = false)
    {
        if (!_answer.State.HasChoice)
        {
            throw NoCompletion(isMarked ? "a stream without a choice" : null);
        }

        if (!isMarked && !_answer.State.IsFinished)
        {
            throw BrokeOff();
        }

        Write(_answer.Close());
        Write("[DONE]"u8.ToArray());
        _isAtEnd = true;
    }

    private void Write(ReadOnlyMemory<byte> piece)
    {
        if (!piece.IsEmpty)
        {
            _output.Write("data: "u8);
            var line = _output.GetSpan(piece.Length)[..piece.Length];
            piece.Span.CopyTo(line);
            line.ReplaceAny(LineEnds, (byte)' '); // Which JSON has between its parts only.
            _output.Advance(piece.Length);
            _output.Write("\n\n"u8);
        }
    }

    private static bool IsDone(ReadOnlySpan<byte> data) => Ascii.EqualsIgnoreCase(data.Trim(" \t\"[]"u8), "DONE"u8);

    // Data that is neither JSON nor one of the words that keep a connection open: what a server writes when it fails.
    private static bool IsWords(ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n\""u8);
        return data is not ([] or [(byte)'{' or (byte)'[', ..])
            && data.IndexOfAnyExceptInRange((byte)'\0', (byte)'@') >= 0 // Letters of any script, and not a number alone.
            && !WordsBeside.Contains(Encoding.UTF8.GetString(data));
    }

    private AnswerException Reported()
    {
        var error = ReportedError.Of(_reader.Data.Span);
        return new AnswerException(AnswerFault.Reported, error.Reason, error.IsTransient);
    }

    private static AnswerException BrokeOff() =>
        new(AnswerFault.BrokeOff, "its stream ended without a finish_reason or [DONE], so the answer is not whole");

    private AnswerException NoCompletion(string? what) => NoAnswer.Of(_reader.Beginning, what);
}
