using System.Text;
using CloudFunction.Llm.Wire;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Bodies that come in pieces of any size.</summary>
public sealed class AnswerReaderTests
{
    [Fact]
    public async Task ReadEvent_OfRandomStreamsInRandomPieces_GivesTheEventsThatWereWritten()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            string[] ends = ["\n", "\r\n", "\r"];
            var end = ends[random.Next(3)];
            var body = new StringBuilder(random.Next(4) == 0 ? "\ufeff" : "");
            var events = new List<string>();
            for (var i = random.Next(8); i > 0; i--)
            {
                body.Append(random.Next(3) == 0 ? $": {new string('k', random.Next(20))}{end}" : "").Append(random.Next(5) == 0 ? end : "");
                var text = new string('x', random.Next(random.Next(10) == 0 ? 20_000 : 30));
                var data = random.Next(4) == 0 ? "[DONE]" : $"{{\"é€😀{random.Next(1000)}\":\"{text}\"}}";
                body.Append(random.Next(4) == 0 ? $"event: message{end}" : "");
                body.Append(random.Next(2) == 0 ? "data: " : "data:").Append(data).Append(end);
                body.Append(random.Next(4) == 0 ? "" : end); // No blank line: the next line of data begins another event.
                events.Add(data);
            }

            var reader = new AnswerReader(new PiecewiseStream(Encoding.UTF8.GetBytes(body.ToString()), random));
            var read = new List<string>();
            while (await reader.ReadEventAsync(default))
            {
                read.Add(Encoding.UTF8.GetString(reader.Data.Span));
            }

            Assert.True(events.SequenceEqual(read), $"Seed {seed}: {string.Join(" | ", read)} instead of {string.Join(" | ", events)} from {body}");
        }
    }

    [Fact]
    public async Task Peek_OfABodyInPieces_LeavesAllOfItToBeRead()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var reader = new AnswerReader(new PiecewiseStream(Encoding.UTF8.GetBytes("\ufeff \r\n\t {\"a\": 1}\n"), random));

            Assert.Equal((byte)'{', await reader.PeekAsync(default));
            while (await reader.ReadMoreAsync(default))
            {
                // All of it stays.
            }

            Assert.Equal("{\"a\": 1}\n", Encoding.UTF8.GetString(reader.Rest.Span));
        }
    }

    /// <summary>Each line is read once, however many there are.</summary>
    [Theory]
    [InlineData('x', 1 << 20)]
    [InlineData(' ', 8)]
    public async Task ReadEvent_OfManyLinesOfOneEvent_KeepsToTheBound(char character, int length)
    {
        var line = Encoding.UTF8.GetBytes($"data: {new string(character, length)}\n");
        var reader = new AnswerReader(new EndlessStream(line));

        var error = await Assert.ThrowsAsync<AnswerException>(() => reader.ReadEventAsync(default).AsTask());

        Assert.Contains("more than 32 MB", error.Message, StringComparison.Ordinal);
    }
}
