using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Invocations;

public class InvocationSlotsTests
{
    private readonly InvocationSlots _slots = new();
    private readonly InvocationPool _pool = new();

    [Fact]
    public void TryOpen_ManyAtOnce_NeverGivesAnOpenIdTwiceAndNeverZero()
    {
        var open = new Dictionary<uint, Invocation>();
        var random = new Random(11);
        var opened = 0;
        for (var i = 0; i < 50_000; i++)
        {
            if (open.Count > 0 && random.Next(2) == 0)
            {
                var id = open.Keys.First();
                open.Remove(id);
                Assert.True(_slots.Close(id));
                Assert.Null(_slots.Find(id));
            }
            else
            {
                var invocation = Open();
                opened++;
                Assert.NotEqual(0u, invocation.StreamId & 0xFFFF);
                Assert.True(open.TryAdd(invocation.StreamId, invocation), $"{invocation.StreamId} is open already");
                Assert.Same(invocation, _slots.Find(invocation.StreamId));
            }
        }

        Assert.Equal((open.Count, opened), (_slots.Count, _slots.Opened));
        Assert.Equal(open.Values.Select(o => o.StreamId).Order(), _slots.Open().Select(o => o.StreamId).Order());
    }

    [Fact]
    public void Find_LateFrameOfASlotInUseAgain_Misses()
    {
        var first = Open();
        var id = first.StreamId;
        _slots.Close(id);
        var second = Open();
        Assert.Equal(id & 0xFFFF, second.StreamId & 0xFFFF);
        Assert.NotEqual(id, second.StreamId);
        Assert.Null(_slots.Find(id));
        Assert.Null(_slots.Find(0xFFFF_FFFF));
    }

    [Fact]
    public void Close_Twice_FreesTheSlotOnce()
    {
        var first = Open();
        Assert.True(_slots.Close(first.StreamId));
        Assert.False(_slots.Close(first.StreamId));
        var (second, third) = (Open(), Open());
        Assert.NotEqual(second.StreamId & 0xFFFF, third.StreamId & 0xFFFF);
        Assert.False(_slots.Close(first.StreamId)); // Its slot is the second's now.
        Assert.Equal(2, _slots.Count);
    }

    [Fact]
    public void TryOpen_AllSlotsTaken_IsRefusedUntilOneIsFree()
    {
        var last = 0u;
        for (var i = 1; i < 1 << 16; i++)
        {
            last = Open().StreamId;
        }

        Assert.False(_slots.TryOpen(_pool.Rent()));
        _slots.Close(last);
        Assert.True(_slots.TryOpen(_pool.Rent()));
    }

    [Fact]
    public void End_HandsOverWhatIsOpenAndTakesNoMore()
    {
        var (one, two) = (Open(), Open());
        Assert.Equal([one, two], _slots.End());
        Assert.Empty(_slots.End());
        Assert.Equal(0, _slots.Count);
        Assert.False(_slots.Close(one.StreamId));
        Assert.False(_slots.TryOpen(_pool.Rent()));
    }

    [Fact]
    public void Refuse_KeepsWhatIsOpen()
    {
        var one = Open();
        _slots.Refuse();
        Assert.False(_slots.TryOpen(_pool.Rent()));
        Assert.Same(one, _slots.Find(one.StreamId));
    }

    private Invocation Open()
    {
        var invocation = new Invocation(_pool);
        Assert.True(_slots.TryOpen(invocation));
        return invocation;
    }
}
