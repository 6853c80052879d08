using CloudFunction.Llm.Wire;

namespace CloudFunction.Llm.Tests.Wire;

public sealed class ToolCallSlotsTests
{
    [Fact]
    public void Of_MoreCallsThanModelsMake_FailsAtABound()
    {
        var slots = new ToolCallSlots();
        for (var i = 0; i < 1024; i++)
        {
            Assert.Equal(i, slots.Of(new ToolCallFragment(i, $"call_{i}", "f", "{}"), position: 0, count: 1).Index);
        }

        Assert.Equal(7, slots.Of(new ToolCallFragment(7, "call_7", null, ""), position: 0, count: 1).Index);
        var error = Assert.Throws<AnswerException>(() => slots.Of(new ToolCallFragment(1024, "call_1024", "f", "{}"), position: 0, count: 1));
        Assert.Equal(AnswerFault.NoCompletion, error.Fault);
    }
}
