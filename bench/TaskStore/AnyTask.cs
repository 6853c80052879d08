using CloudFunction.Runtime.Tasks;

namespace TaskStore;

/// <summary>A gate with room for everything.</summary>
internal sealed class AnyTask : ITaskGate
{
    public bool TryTake(string project, string function) => true;

    public void GiveBack(string project, string function)
    {
        // There is always room.
    }
}
