namespace CloudFunction.Llm.Wire;

/// <summary>Puts tool calls together from their fragments, which belong together by their index, their id, or what they go on with, whichever
/// there is.</summary>
internal sealed class ToolCallSlots
{
    // Many times what models call at once; each fragment is compared with all of them.
    private const int MaxCalls = 1024;

    private readonly List<ToolCallSlot> _slots = [];
    private long _length;

    /// <summary>The calls, in the order in which they began.</summary>
    public IReadOnlyList<ToolCallSlot> All => _slots;

    /// <summary>Adds a fragment to its call, or to a new one where it begins one.</summary>
    /// <param name="fragment">What the provider has sent.</param>
    /// <param name="position">Its place in the chunk.</param>
    /// <param name="count">How many fragments the chunk has.</param>
    /// <exception cref="AnswerException">The answer has too many calls, or too long ones.</exception>
    public void Add(ToolCallFragment fragment, int position, int count)
    {
        _length += fragment.Arguments?.Length ?? 0;
        if (_length > AnswerReader.MaxBytes)
        {
            throw new AnswerException(AnswerFault.NoCompletion, $"more than {AnswerReader.MaxBytes / 1024 / 1024} MB of arguments of tool calls");
        }

        var slot = Candidate(fragment, position, count);
        if (slot is null || !GoesOn(slot, fragment))
        {
            if (_slots.Count == MaxCalls)
            {
                throw new AnswerException(AnswerFault.NoCompletion, $"it has more than {MaxCalls} tool calls");
            }

            slot = new ToolCallSlot(fragment.Index);
            _slots.Add(slot);
        }

        slot.Add(fragment);
    }

    private ToolCallSlot? Candidate(ToolCallFragment fragment, int position, int count)
    {
        var byId = fragment.Id is null ? null : _slots.FindLast(slot => slot.Id == fragment.Id);
        if (fragment.Index is { } index)
        {
            var byIndex = byId?.Index == index ? byId : _slots.FindLast(slot => slot.Index == index);
            return byIndex ?? (fragment.Name is null || byId?.Index is null ? byId : null); // No name: it begins no call.
        }

        return byId ?? (fragment.Name is null && count > 1 && position < _slots.Count ? _slots[position] : _slots.LastOrDefault());
    }

    // Some servers repeat the name, or make up a new id, with each fragment of a call; others give all of their calls the index 0, or one id.
    // A name is what begins a call, unless the last one is in the midst of its arguments, or this is the same once more.
    private static bool GoesOn(ToolCallSlot slot, ToolCallFragment fragment)
    {
        var isOfSameId = fragment.Id is null || slot.Id is null || fragment.Id == slot.Id;
        if (fragment.Name is null)
        {
            return true;
        }

        if (fragment.Name != slot.Name)
        {
            // A name in pieces: the same index, no arguments yet.
            return isOfSameId
                && (slot.Name is null || (slot is { Id: not null, Index: not null, HasArguments: false } && slot.Index == fragment.Index));
        }

        return slot.IsWhole ? isOfSameId && (string.IsNullOrEmpty(fragment.Arguments) || slot.Has(fragment.Arguments))
            : slot.HasArguments || isOfSameId;
    }
}
