using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>An answer that comes in one piece.</summary>
internal static class WholeAnswer
{
    /// <summary>Reads and mends it.</summary>
    /// <exception cref="AnswerException">There is no answer.</exception>
    /// <exception cref="HttpRequestException">The connection failed before it began.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream source, AnswerDeadline deadline, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(source);
        byte? first;
        try
        {
            first = await deadline.RunAsync(reader.PeekAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not AnswerException)
        {
            throw new HttpRequestException(exception.Message, exception);
        }

        if (first is not ((byte)'{' or (byte)'['))
        {
            return await AssembleAsync(source, reader, deadline, cancellationToken).ConfigureAwait(false);
        }

        deadline.Begin();
        while (!reader.IsAtEnd)
        {
            await deadline.RunAsync(reader.ReadMoreAsync, cancellationToken).ConfigureAwait(false);
        }

        return Normalize(reader, reader.Rest);
    }

    // Some servers send a stream, or an error as an event, whatever they were asked for.
    private static async Task<ReadOnlyMemory<byte>> AssembleAsync(
        Stream source, AnswerReader reader, AnswerDeadline deadline, CancellationToken cancellationToken)
    {
        var events = new ChatEventStream(source, reader, deadline);
        await using var _ = events.ConfigureAwait(false);
        await events.BeginAsync(cancellationToken).ConfigureAwait(false);
        var answer = new AssembledAnswer();
        var chunks = new AnswerReader(events);
        while (await chunks.ReadEventAsync(cancellationToken).ConfigureAwait(false))
        {
            if (chunks.Data.Span is [(byte)'{', ..] && JsonMembers.Parse(chunks.Data.Span) is JsonObject chunk)
            {
                answer.Add(chunk, chunks.Data.Length);
            }
        }

        return Normalize(chunks, Encoding.UTF8.GetBytes(answer.ToJson().ToJsonString(JsonText.Options)));
    }

    private static ReadOnlyMemory<byte> Normalize(AnswerReader reader, ReadOnlyMemory<byte> piece)
    {
        var answer = new AnswerNormalizer(streams: false);
        try
        {
            var body = answer.Normalize(piece);
            return answer.State.HasChoice ? body : throw NoAnswer.Of(reader.Beginning, "JSON without a choice");
        }
        catch (JsonException exception)
        {
            throw JsonText.IsCut(piece.Span)
                ? new AnswerException(AnswerFault.BrokeOff, "its body ended in the midst of its JSON", innerException: exception)
                : NoAnswer.Of(reader.Beginning, "a body that is not JSON", exception);
        }
    }
}
