using System.Buffers;
using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>A stream's events, mended one by one while they are read, and failing where the answer does not come to its end.</summary>
/// <param name="source">The body.</param>
/// <param name="reader">Reads it, and may have begun to.</param>
/// <param name="deadline">How long it may be silent. The stream lets go of it.</param>
internal sealed class ChatEventStream(Stream source, AnswerReader reader, AnswerDeadline deadline) : Stream
{
    // How much may come before the first output until it is passed on nevertheless: it is roles and the like.
    private const int MaxHeldBytes = 64 * 1024;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

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
        await deadline.RunAsync(BeginSoonAsync, cancellationToken).ConfigureAwait(false);
        deadline.Begin();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given == _output.WrittenCount && !_isAtEnd)
        {
            _output.ResetWrittenCount();
            _given = 0;
            await deadline.RunAsync(ReadOnAsync, cancellationToken).ConfigureAwait(false);
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
            deadline.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> BeginSoonAsync(CancellationToken cancellationToken)
    {
        try
        {
            var first = await reader.PeekAsync(cancellationToken).ConfigureAwait(false);
            if (first is (byte)'<')
            {
                await reader.ReadEventAsync(cancellationToken).ConfigureAwait(false);
                throw NoCompletion(null);
            }

            if (first is (byte)'{' or (byte)'[')
            {
                // Asked for a stream, some servers give their answer whole, or an error.
                while (await reader.ReadMoreAsync(cancellationToken).ConfigureAwait(false))
                {
                    // It is normalized as a whole.
                }

                Write(Normalize(reader.Rest));
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

        return true;
    }

    private async ValueTask<bool> ReadOnAsync(CancellationToken cancellationToken)
    {
        while (_output.WrittenCount == 0 && !_isAtEnd)
        {
            await MoveNextAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task MoveNextAsync(CancellationToken cancellationToken)
    {
        bool isThere;
        try
        {
            isThere = await reader.ReadEventAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not AnswerException && _answer.State.IsFinished)
        {
            isThere = false; // The answer is there; what failed after it does not matter.
        }

        if (!isThere || EventText.IsEnd(reader.Data.Span))
        {
            End(isThere);
        }
        else if (reader.IsError || (EventText.IsWords(reader.Data.Span) && reader.Type is null && !_answer.State.IsFinished))
        {
            throw Reported();
        }
        else
        {
            Write(Normalize(reader.Data));
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
                : piece.Span is [(byte)'[', ..] && reader.Type is null ? Reported()
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

    private AnswerException Reported()
    {
        var error = ReportedError.Of(reader.Data.Span);
        return new AnswerException(AnswerFault.Reported, error.Reason, error.IsTransient);
    }

    private static AnswerException BrokeOff() =>
        new(AnswerFault.BrokeOff, "its stream ended without a finish_reason or [DONE], so the answer is not whole");

    private AnswerException NoCompletion(string? what) => NoAnswer.Of(reader.Beginning, what);
}
