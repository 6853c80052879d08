using System.Text.Json;
using CloudFunction.Llm.Wire;

namespace CloudFunction.Llm.Tests.Wire;

public sealed class ToolCallSlotsTests
{
    private static readonly string[] Texts = ["a } \" {", "[", "\\"];

    /// <summary>Calls as each kind of server sends them, which are the same calls in the end.</summary>
    [Fact]
    public void Add_OfRandomCallsInRandomPieces_GivesTheCallsThatWereSent()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var calls = Enumerable.Range(0, random.Next(1, 4)).Select(i => (Id: $"call_{i}", Name: random.Next(2) == 0 ? "get_a" : "put_b",
                Arguments: JsonSerializer.Serialize(new { n = i, text = Texts[random.Next(3)], list = new object[] { 1, new { } } })))
                .ToArray();
            var (hasIndex, hasOneIndex, hasOneId, hasName) = (random.Next(2) == 0, random.Next(3) == 0, random.Next(3) == 0, random.Next(3) == 0);
            var (grows, repeats, hasIds) = (random.Next(3) == 0, random.Next(4) == 0, random.Next(2) == 0);
            var slots = new ToolCallSlots();
            for (var i = 0; i < calls.Length; i++)
            {
                long? index = hasOneIndex ? 0 : hasIndex ? i : null;
                var id = hasOneId ? "call" : calls[i].Id;
                var pieces = Pieces(random, calls[i].Arguments).ToList();
                pieces = grows ? [.. pieces.Select((_, at) => string.Concat(pieces.Take(at + 1)))] : pieces;
                if (repeats)
                {
                    pieces.Add(calls[i].Arguments);
                }

                for (var at = 0; at < pieces.Count; at++)
                {
                    var isNamed = at == 0 || hasName || (repeats && at == pieces.Count - 1);
                    slots.Add(new ToolCallFragment(index, at == 0 || hasIds ? id : null, isNamed ? calls[i].Name : null, pieces[at]), 0, 1);
                }
            }

            Assert.Equal(
                (seed, string.Join(' ', calls.Select(call => call.Name + call.Arguments))),
                (seed, string.Join(' ', slots.All.Select(slot => slot.Name + slot.Arguments))));
        }
    }

    [Fact]
    public void Add_OfMoreCallsThanModelsMake_FailsAtABound()
    {
        var slots = new ToolCallSlots();
        for (var i = 0; i < 1024; i++)
        {
            slots.Add(new ToolCallFragment(i, $"call_{i}", "f", "{}"), position: 0, count: 1);
        }

        slots.Add(new ToolCallFragment(7, "call_7", null, ""), position: 0, count: 1);
        Assert.Equal(1024, slots.All.Count);
        var error = Assert.Throws<AnswerException>(() => slots.Add(new ToolCallFragment(1024, "call_1024", "f", "{}"), position: 0, count: 1));
        Assert.Equal(AnswerFault.NoCompletion, error.Fault);
    }

    [Fact]
    public void Add_OfArgumentsWithoutAnEnd_FailsAtABound()
    {
        var slots = new ToolCallSlots();
        var error = Assert.Throws<AnswerException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                slots.Add(new ToolCallFragment(0, "call", i == 0 ? "f" : null, new string('[', 1 << 20)), position: 0, count: 1);
            }
        });

        Assert.Contains("more than 32 MB of arguments", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Pieces(Random random, string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = random.Next(3) == 0 ? text.Length : random.Next(1, 9);
            yield return text.Substring(start, Math.Min(length, text.Length - start));
            start += length;
        }
    }
}
