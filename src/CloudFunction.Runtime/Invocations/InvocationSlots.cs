namespace CloudFunction.Runtime.Invocations;

/// <summary>The open streams of one connection, by number. The low 16 bits of a stream's number are its slot, the high ones count the slot's
/// uses, so that a late frame never meets another call. Thread safe.</summary>
internal sealed class InvocationSlots
{
    private const int MaxSlots = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private Invocation?[] _slots = new Invocation?[16];
    private ushort[] _uses = new ushort[16];
    private int _next = 1; // Stream 0 is the connection itself.
    private int _count;
    private long _opened;
    private bool _ended;

    /// <summary>How many streams are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many streams were opened so far.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>Opens a stream.</summary>
    /// <returns>False where no more are taken, or there are 65,535 open streams.</returns>
    public bool TryOpen(Invocation invocation)
    {
        lock (_lock)
        {
            if (_ended || (_free.Count == 0 && _next == MaxSlots))
            {
                return false;
            }

            if (!_free.TryPop(out var slot))
            {
                slot = _next++;
                if (slot == _slots.Length)
                {
                    Array.Resize(ref _uses, slot * 2);
                    var grown = _slots;
                    Array.Resize(ref grown, slot * 2);
                    Volatile.Write(ref _slots, grown);
                }
            }

            invocation.Attach(((uint)++_uses[slot] << 16) | (uint)slot);
            Volatile.Write(ref _slots[slot], invocation);
            Volatile.Write(ref _count, _count + 1);
            _opened++;
            return true;
        }
    }

    /// <summary>The open stream of that number, or null.</summary>
    public Invocation? Find(uint streamId)
    {
        var slots = Volatile.Read(ref _slots);
        var slot = (int)(streamId & (MaxSlots - 1));
        return slot < slots.Length && Volatile.Read(ref slots[slot]) is { } invocation && invocation.StreamId == streamId ? invocation : null;
    }

    /// <summary>Ends a stream.</summary>
    /// <returns>False where it is not open: whoever ended it has ended its call.</returns>
    public bool Close(uint streamId)
    {
        lock (_lock)
        {
            var slot = (int)(streamId & (MaxSlots - 1));
            if (_slots[slot] is null || _uses[slot] != (ushort)(streamId >> 16))
            {
                return false;
            }

            _slots[slot] = null;
            _free.Push(slot);
            Volatile.Write(ref _count, _count - 1);
            return true;
        }
    }

    /// <summary>The open streams at this moment.</summary>
    public IEnumerable<Invocation> Open()
    {
        foreach (var invocation in Volatile.Read(ref _slots))
        {
            if (invocation is not null)
            {
                yield return invocation;
            }
        }
    }

    /// <summary>Opens no more streams; those that are open go on.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _ended = true;
        }
    }

    /// <summary>Opens no more streams and hands over those that are open.</summary>
    public IReadOnlyList<Invocation> End()
    {
        lock (_lock)
        {
            _ended = true;
            var open = Array.FindAll(_slots, s => s is not null);
            Array.Clear(_slots);
            _count = 0;
            return open!;
        }
    }
}
