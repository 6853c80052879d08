using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Testing.Tests;

/// <summary>Where each test runs its project: here, and in a worker.</summary>
internal sealed class BothWays : TheoryData<WorkerIsolation>
{
    public BothWays()
    {
        Add(WorkerIsolation.None);
        Add(WorkerIsolation.Process);
    }
}
