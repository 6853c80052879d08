using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using CloudFunction.AspNetCore.Connections;
using CloudFunction.AspNetCore.Transfers;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>
/// A response's body that its client must take in time. It leaves in pieces, so that the server holds little of it; the connection of a
/// client that takes too long is cut.
/// </summary>
internal sealed class ResponseBody : Transfer
{
    /// <summary>What is written at a time: half of what the server holds of a response before a flush waits.</summary>
    public const int PieceBytes = 32 * 1024;

    private readonly HttpContext _context;
    private readonly PipeWriter _output;
    private readonly TransferWatch _watch;
    private readonly Socket? _socket;
    private ulong? _acknowledged;

    private ResponseBody(HttpContext context, string project, TransferWatch watch, TransferLimits limits)
        : base(project, limits)
    {
        _context = context;
        _output = context.Response.BodyWriter;
        _watch = watch;
        _socket = AcknowledgedBytes.Of(context);
    }

    /// <summary>Begins one, which takes room of <paramref name="project"/> while it waits for its client. The response need not have
    /// started.</summary>
    public static ResponseBody Begin(HttpContext context, string project, TransferWatch watch, TransferLimits limits) =>
        new(context, project, watch, limits);

    /// <summary>Writes and sends, waiting while the client has no room.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or took too long: the connection is cut.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > PieceBytes)
        {
            Write(bytes.Span[..PieceBytes]);
            await FlushAsync().ConfigureAwait(false);
            bytes = bytes[PieceBytes..];
        }

        Write(bytes.Span);
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Writes at most a piece; the next flush, or the response's end, sends it.</summary>
    public void Write(ReadOnlySpan<byte> piece)
    {
        _output.Write(piece);
        Bytes += piece.Length;
    }

    /// <summary>Sends what was written, waiting while the client has no room.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or took too long: the connection is cut.</exception>
    public ValueTask FlushAsync()
    {
        var flush = _output.FlushAsync(_context.RequestAborted);
        if (!flush.IsCompletedSuccessfully)
        {
            return WaitAsync(flush);
        }

        Check(flush.GetAwaiter().GetResult());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Cut(TransferLimit limit) => AnswerNote.Cut(_context);

    /// <inheritdoc/>
    protected override void CloseConnection() => _context.Features.Get<BoundedConnection>()?.RequestClose();

    /// <inheritdoc/>
    protected override bool CheckProgress()
    {
        if (_socket is null || AcknowledgedBytes.Read(_socket) is not { } acknowledged)
        {
            return false;
        }

        var before = _acknowledged;
        _acknowledged = acknowledged;
        return before is not null && acknowledged > before;
    }

    private async ValueTask WaitAsync(ValueTask<FlushResult> flush)
    {
        _watch.Begin(this);
        try
        {
            Check(await flush.ConfigureAwait(false));
        }
        finally
        {
            _watch.End(this);
        }
    }

    private void Check(in FlushResult flushed)
    {
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            AnswerNote.Cut(_context);
            throw new OperationCanceledException(_context.RequestAborted);
        }
    }
}
