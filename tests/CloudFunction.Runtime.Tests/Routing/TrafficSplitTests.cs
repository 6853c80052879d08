using System.Collections.Frozen;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tests.Workers;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Routing;

public sealed class TrafficSplitTests : IDisposable
{
    private const int Calls = 10_000;

    private readonly DeadlineSweep _sweep = new(TimeProvider.System);

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void Find_TwoVersions_DividesByWeight()
    {
        var (old, next) = (Make(1, isReady: true, "greet"), Make(2, isReady: true, "greet"));
        var split = new TrafficSplit([(old, 90), (next, 10)]);

        var count = Enumerable.Range(0, Calls).Count(_ => ReferenceEquals(split.Find("greet", null), next["greet"]));

        // 1,000 expected, with a deviation of 30: eight of those to each side are passed once in 10^15 runs.
        Assert.InRange(count, 760, 1240);
    }

    [Fact]
    public void Find_FunctionThatOneVersionHas_IsAlwaysThat()
    {
        var (old, next) = (Make(1, isReady: true, "greet", "bye"), Make(2, isReady: true, "greet"));
        var split = new TrafficSplit([(old, 1), (next, 9_999)]);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(old["bye"], split.Find("bye", null)));
        Assert.Null(split.Find("other", null));
    }

    [Fact]
    public void Find_VersionWithoutAWorker_IsSkippedWhileAnotherHasOne()
    {
        var (old, next) = (Make(1, isReady: true, "greet"), Make(2, isReady: false, "greet", "news"));
        var split = new TrafficSplit([(old, 1), (next, 9_999)]);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(old["greet"], split.Find("greet", null)));
        Assert.Same(next["news"], split.Find("news", null));
    }

    [Fact]
    public void Find_NoVersionHasAWorker_StillDividesByWeight()
    {
        var (old, next) = (Make(1, isReady: false, "greet"), Make(2, isReady: false, "greet"));
        var split = new TrafficSplit([(old, 1), (next, 1)]);

        Assert.Equal(2, Enumerable.Range(0, 100).Select(_ => split.Find("greet", null)).Distinct().Count());
    }

    [Fact]
    public void Find_Preferred_IsChosenAgainAsLongAsItIsThere()
    {
        var (old, next, gone) = (Make(1, isReady: true, "greet"), Make(2, isReady: true, "greet"), Make(3, isReady: true, "greet"));
        var split = new TrafficSplit([(old, 1), (next, 9_999)]);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(old["greet"], split.Find("greet", old["greet"])));
        Assert.NotSame(gone["greet"], split.Find("greet", gone["greet"]));
    }

    private FrozenDictionary<string, FunctionRoute> Make(int version, bool isReady, params string[] functions)
    {
        var gate = new ConcurrencyGate(10, "MAX_CONCURRENT", new QueueBudget(10), _sweep);
        var manifest = new DeploymentManifest(
            version, DateTimeOffset.UnixEpoch, "", new DeploymentContents("Shop.dll", "net10.0", [], false, null, null, null), null);
        var pool = new WorkerPool(
            new Deployment("shop", version, "/shop", manifest), new Dictionary<string, string>(), "/data", 1, false, TimeProvider.System);
        if (isReady)
        {
            pool.Members.Add(Handles.Create("w1", pool));
            pool.Refresh();
        }

        return functions.Select((name, number) => new FunctionRoute(
                new FunctionTarget(
                    number, name, TimeSpan.FromSeconds(10), gate, null,
                    new FunctionRecorder(new FunctionCounters(new FunctionState(DateTimeOffset.UnixEpoch, null, 0), new DirtyFlag()), log: null)),
                pool))
            .ToFrozenDictionary(target => target.Name);
    }
}
