using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime.Bodies;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>
/// Receives the payloads of calls before they are admitted: what a client's progress decides on takes no place of its project, only room
/// that is counted for it, and for a bounded time.
/// </summary>
internal sealed class BodyReceiver(HostBodies bodies, TransferWatch watch, ServerSettings settings)
{
    /// <summary>A body that ends within so many bytes stays where the server has it until its call is sent.</summary>
    public const int WindowBytes = 32 * 1024;

    // A client that is cut gives its room back within this time.
    private static readonly TimeSpan RoomPatience = TimeSpan.FromMilliseconds(500);

    private readonly long _maxBytes = settings.Options.MaxRequestBytes;
    private readonly TransferLimits _limits = TransferLimits.OfBody(settings.Options);

    /// <summary>Reads a body that is there already and lies in one window: the usual case. <paramref name="read"/> is all of it, not
    /// advanced over.</summary>
    /// <returns>False where its client has to be waited for, or it is larger; nothing is advanced over then.</returns>
    /// <exception cref="BadHttpRequestException">It is not as HTTP has it.</exception>
    public static bool TryReadWindow(HttpContext context, out ReadResult read)
    {
        ServerBodyRate.Lift(context);
        var reader = context.Request.BodyReader;
        if (!WatchedBodyReader.TryRead(reader, out read))
        {
            return false;
        }

        if (IsWholeWindow(read))
        {
            return true;
        }

        reader.AdvanceTo(read.Buffer.Start);
        return false;
    }

    /// <summary>Reads a body as far as it lies in one window.</summary>
    /// <returns>What was read, not advanced over: either whole, or the beginning of more, which
    /// <see cref="ReceiveRestAsync"/> goes on from.</returns>
    /// <exception cref="BodyTimeoutException">The client took too long.</exception>
    public ValueTask<ReadResult> ReadWindowAsync(HttpContext context, string project, out PipeReader reader)
    {
        var watched = Watch(context, project);
        reader = watched;
        return ReadToWindowAsync(watched, context.RequestAborted);
    }

    /// <summary>Whether what was read is all of the body, and within the window.</summary>
    public static bool IsWholeWindow(in ReadResult read) => read.IsCompleted && read.Buffer.Length <= WindowBytes;

    /// <summary>A body that is passed on while it comes: its client must keep to the limits.</summary>
    public WatchedBodyReader Watch(HttpContext context, string project) => new(context, project, watch, _limits);

    /// <summary>Begins to read a body that is passed on while it comes. Where its length was announced, its first window is there then.</summary>
    /// <returns>What was read and not advanced over; null for nothing.</returns>
    /// <exception cref="BodyTimeoutException">The client took too long.</exception>
    public static async ValueTask<ReadResult?> BeginAsync(HttpContext context, WatchedBodyReader reader)
    {
        if (context.Request.ContentLength is null)
        {
            return null; // Its client may wait for an answer before it goes on.
        }

        return await ReadToWindowAsync(reader, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Receives a body to its end, into the room of <paramref name="project"/>.</summary>
    /// <exception cref="ApiException">It has more than MAX_REQUEST_BYTES, or there is no room for it.</exception>
    /// <exception cref="BodyTimeoutException">The client took too long.</exception>
    public async Task<HeldBody> ReceiveAsync(HttpContext context, string project)
    {
        var reader = Watch(context, project);
        return await ReceiveRestAsync(
            context, project, reader, await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Receives the rest of a body whose beginning was read.</summary>
    /// <inheritdoc cref="ReceiveAsync"/>
    public async Task<HeldBody> ReceiveRestAsync(HttpContext context, string project, PipeReader reader, ReadResult read)
    {
        var buffer = bodies.Store.Open(bodies.Requests, project);
        try
        {
            while (true)
            {
                try
                {
                    await AppendAsync(buffer, project, read.Buffer, context.RequestAborted).ConfigureAwait(false);
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }

                if (read.IsCompleted)
                {
                    return buffer.Complete();
                }

                read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static bool IsWindow(in ReadResult read) => read.IsCompleted || read.IsCanceled || read.Buffer.Length > WindowBytes;

    private static async ValueTask<ReadResult> ReadToWindowAsync(WatchedBodyReader reader, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        while (!IsWindow(read))
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        return read;
    }

    private async ValueTask AppendAsync(BodyBuffer buffer, string project, ReadOnlySequence<byte> part, CancellationToken cancellationToken)
    {
        if (buffer.Length + part.Length > _maxBytes)
        {
            throw new ApiException(ApiError.BodyTooLarge(_maxBytes, "MAX_REQUEST_BYTES"));
        }

        if (!await buffer.TryAppendAsync(part, cancellationToken).ConfigureAwait(false)
            && !(watch.CutIdlest(project) && await buffer.AppendAsync(part, RoomPatience, makeRoom: null, cancellationToken).ConfigureAwait(false)))
        {
            throw new ApiException(ApiError.Overloaded(
                "payloads", "The host holds as many payloads of calls of this project as it has room for. Try again.", retryAfterSeconds: 1));
        }
    }
}
