using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>An answer that comes in one piece.</summary>
internal static class WholeAnswer
{
    /// <summary>Reads and mends it.</summary>
    /// <exception cref="AnswerException">There is no answer.</exception>
    /// <exception cref="HttpRequestException">The connection failed before it began.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        var reader = new AnswerReader(source);
        var answer = new AnswerNormalizer(streams: false);
        try
        {
            byte? first;
            try
            {
                first = await reader.PeekAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException exception)
            {
                throw new HttpRequestException(exception.Message, exception);
            }

            if (first is (byte)'{' or (byte)'[')
            {
                var body = answer.Normalize(await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false));
                return answer.State.HasChoice ? body : throw NoAnswer.Of(reader.Beginning, "JSON without a choice");
            }

            // Some servers report an error as an event, whatever they were asked for.
            if (await reader.ReadEventAsync(cancellationToken).ConfigureAwait(false))
            {
                answer.Normalize(reader.Data);
            }

            throw NoAnswer.Of(reader.Beginning, null);
        }
        catch (JsonException exception)
        {
            throw NoAnswer.Of(reader.Beginning, "a body that is not JSON", exception);
        }
    }
}
