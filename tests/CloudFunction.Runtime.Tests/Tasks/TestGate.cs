using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>Room for so many tasks of each function, and a count of what is taken.</summary>
internal sealed class TestGate(int places = int.MaxValue) : ITaskGate
{
    public Dictionary<string, int> Taken { get; } = [];

    public HashSet<string> Busy { get; } = [];

    public bool TryTake(string project, string function)
    {
        var name = $"{project}/{function}";
        var taken = Taken.GetValueOrDefault(name);
        if (taken == places || Busy.Contains(name))
        {
            return false;
        }

        Taken[name] = taken + 1;
        return true;
    }

    public void GiveBack(string project, string function) => Taken[$"{project}/{function}"]--;
}
