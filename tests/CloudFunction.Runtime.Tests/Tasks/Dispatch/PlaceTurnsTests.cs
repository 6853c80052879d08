using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Dispatch;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

public sealed class PlaceTurnsTests
{
    private readonly Places _router = new();
    private readonly PlaceTurns _turns;
    private int _woken;

    public PlaceTurnsTests() => _turns = new PlaceTurns(_router, () => _woken++);

    [Fact]
    public void Reserve_OneProjectHasMuchMore_TakesTurnsBetweenProjects()
    {
        DueCount[] due = [Due("large", "f", 100, age: 1), Due("small", "f", 3, age: 2)];

        Assert.Equal([("large", "f", 5), ("small", "f", 3)], Reserve(due, 8));
        Assert.Equal(["large/f", "small/f", "large/f", "small/f", "large/f", "small/f", "large/f", "large/f"], _router.Reserved);
    }

    [Fact]
    public void Reserve_OnePlaceAtATime_TakesTurnsOverTheClaims()
    {
        DueCount[] due = [Due("a", "f", 100, age: 1), Due("b", "f", 100, age: 2), Due("c", "f", 100, age: 3)];
        for (var claim = 0; claim < 6; claim++)
        {
            Reserve(due, 1);
        }

        Assert.Equal(["a/f", "b/f", "c/f", "a/f", "b/f", "c/f"], _router.Reserved);
    }

    [Fact]
    public void Reserve_FunctionsOfAProject_TakesTheOldestFirstAndTakesTurnsBetweenThem()
    {
        DueCount[] due = [Due("p", "young", 2, age: 9), Due("p", "old", 3, age: 1)];

        Reserve(due, 4);

        Assert.Equal(["p/old", "p/young", "p/old", "p/young"], _router.Reserved);
    }

    [Fact]
    public void Reserve_FunctionWithoutRoom_IsAskedOnceAndTheOthersGetTheirPlaces()
    {
        _router.Free["p/full"] = 1;
        DueCount[] due = [Due("p", "full", 1000, age: 1), Due("p", "free", 2, age: 2), Due("q", "f", 1, age: 3)];

        Assert.Equal([("p", "full", 1), ("q", "f", 1), ("p", "free", 2)], Reserve(due, 64));
        Assert.Equal(1, _router.Refused);
        _router.OnRoom!();
        Assert.Equal(1, _woken);
    }

    [Fact]
    public void Reserve_NothingDueOrNoRoom_ReservesNothing()
    {
        _router.Free["p/f"] = 0;

        Assert.Empty(Reserve([], 64));
        Assert.Empty(Reserve([Due("p", "f", 3, age: 1)], 64));
    }

    // Whatever is due and free: never more than asked for, than is due or than there is room for, and nothing left while somebody could have more.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reserve_AnyMix_UsesAllRoomAndIsFairBetweenProjects(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            DueCount[] due =
            [
                .. Enumerable.Range(0, random.Next(1, 5)).SelectMany(project => Enumerable.Range(0, random.Next(1, 4))
                    .Select(function => Due($"p{project}", $"f{function}", random.Next(1, 30), random.Next(1000)))),
            ];
            _router.Free.Clear();
            foreach (var function in due)
            {
                _router.Free[$"{function.Project}/{function.Function}"] = random.Next(10);
            }

            var max = random.Next(1, 70);
            var possible = due.ToDictionary(f => (f.Project, f.Function), f => Math.Min(f.Count, _router.Free[$"{f.Project}/{f.Function}"]));

            var rooms = Reserve(due, max);

            Assert.Equal(Math.Min(max, possible.Values.Sum()), rooms.Sum(room => room.Places));
            Assert.All(rooms, room => Assert.InRange(room.Places, 1, possible[(room.Project, room.Function)]));
            var byProject = due.Select(f => f.Project).Distinct().ToDictionary(
                project => project,
                project => (Got: rooms.Where(r => r.Project == project)
                    .Sum(r => r.Places), Possible: possible.Where(p => p.Key.Project == project).Sum(p => p.Value)));
            foreach (var hungry in byProject.Values.Where(project => project.Got < project.Possible))
            {
                Assert.All(byProject.Values, other => Assert.InRange(other.Got, 0, hungry.Got + 1));
            }
        }
    }

    private static DueCount Due(string project, string function, int count, long age) => new(project, function, count, new TaskId(age, 0));

    private List<(string Project, string Function, int Places)> Reserve(DueCount[] due, int max)
    {
        using var places = _turns.Reserve(due, max);
        Assert.Equal(places.Count, places.Rooms.Sum(room => room.Places));
        return [.. places.Rooms.Select(room => (room.Project, room.Function, room.Places))];
    }

    /// <summary>So many free places of each function; of one that is not named, any number.</summary>
    private sealed class Places : ITaskRouter
    {
        public Dictionary<string, int> Free { get; } = [];

        public List<string> Reserved { get; } = [];

        public int Refused { get; private set; }

        public Action? OnRoom { get; private set; }

        public bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? route)
        {
            var name = $"{project}/{function}";
            route = null;
            if (Free.TryGetValue(name, out var free) && free == 0)
            {
                Refused++;
                OnRoom = onRoom;
                return false;
            }

            Free[name] = free - 1;
            Reserved.Add(name);
            return true;
        }

        public Rejection? Check(string project, string function, out FunctionRoute? route) => throw new NotSupportedException();

        public ValueTask<InvocationResult> InvokeReservedAsync(
            string project, string function, FunctionRoute route, in InvocationRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
