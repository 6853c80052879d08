namespace CloudFunction.Llm.Wire;

/// <summary>Finds which tool call a fragment in a stream belongs to: by its id, its index, or what it goes on with, whichever there is.</summary>
internal sealed class ToolCallSlots
{
    // Many times what models call at once; each fragment is compared with all of them.
    private const int MaxCalls = 1024;

    private readonly List<ToolCallSlot> _slots = [];

    public bool HasAny => _slots.Count > 0;

    /// <summary>The calls that have no arguments so far.</summary>
    public IEnumerable<ToolCallSlot> WithoutArguments => _slots.Where(static slot => !slot.HasArguments);

    /// <summary>The call that a fragment belongs to, a new one where it begins one.</summary>
    /// <param name="fragment">What the provider has sent.</param>
    /// <param name="position">Its place in the chunk.</param>
    /// <param name="count">How many fragments the chunk has.</param>
    /// <exception cref="AnswerException">The answer has too many calls.</exception>
    public ToolCallSlot Of(ToolCallFragment fragment, int position, int count)
    {
        var slot = Known(fragment, position, count);
        if (slot is null)
        {
            if (_slots.Count == MaxCalls)
            {
                throw new AnswerException(AnswerFault.NoCompletion, $"it has more than {MaxCalls} tool calls");
            }

            slot = new ToolCallSlot(_slots.Count) { WireIndex = fragment.Index };
            _slots.Add(slot);
        }

        slot.Add(fragment);
        return slot;
    }

    private ToolCallSlot? Known(ToolCallFragment fragment, int position, int count)
    {
        if (fragment.Id is { } id && _slots.FindLast(slot => slot.WireId == id) is { } same)
        {
            return same;
        }

        var candidate = fragment.Index is { } index ? _slots.FindLast(slot => slot.WireIndex == index)
            : fragment.Name is null && count > 1 && position < _slots.Count ? _slots[position]
            : _slots.LastOrDefault();
        return candidate is not null && GoesOn(candidate, fragment) ? candidate : null;
    }

    // Some servers repeat the name, or make up a new id, with each fragment of a call; others give all of their calls the index 0. A name
    // is what begins a call, unless the last one is in the midst of its arguments.
    private static bool GoesOn(ToolCallSlot slot, ToolCallFragment fragment) =>
        fragment.Name is null
        || (slot.WireName is null && (fragment.Id is null || slot.WireId is null))
        || (fragment.Name == slot.WireName
            && (slot.IsAmidArguments
                || (!slot.IsWhole && (fragment.Id is null || slot.WireId is null))
                || (slot.IsWhole && fragment is { Id: null, Arguments: null or "" })));
}
