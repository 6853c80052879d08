using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tests.Bodies;

public sealed class FairPoolTests
{
    private const int Capacity = 64;

    private readonly FairPool _pool = new(Capacity);

    [Fact]
    public void TryTake_OneAfterTheOther_GetHalfOfWhatIsFree()
    {
        Assert.Equal([32, 16, 8, 4, 2, 1, 1], Enumerable.Range(0, 7).Select(project => TakeAll($"p{project}")));
        Assert.False(_pool.TryTake("late", 1));
    }

    [Fact]
    public void TryTake_MoreThanThereIs_TakesNothing()
    {
        Assert.False(_pool.TryTake("p", Capacity + 1));
        Assert.Equal(0, _pool.Used);
    }

    // Whatever is taken and given back, nobody has more than was free to him, and the count is that of all that is held.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryTake_AnySequence_KeepsToTheBoundsAndToTheCount(int seed)
    {
        var random = new Random(seed);
        var held = new List<(string Project, long Amount)>();
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(2) == 0 && held.Count > 0)
            {
                var at = random.Next(held.Count);
                _pool.Release(held[at].Project, held[at].Amount);
                held.RemoveAt(at);
                continue;
            }

            var (project, amount) = ($"p{random.Next(5)}", random.Next(1, 9));
            var own = held.Where(each => each.Project == project).Sum(each => each.Amount);
            var free = Capacity - held.Sum(each => each.Amount) - amount;
            var isExpected = free >= 0 && (own == 0 || own + amount <= free);
            Assert.Equal(isExpected, _pool.TryTake(project, amount));
            if (isExpected)
            {
                held.Add((project, amount));
            }

            Assert.Equal(held.Sum(each => each.Amount), _pool.Used);
        }

        held.ForEach(each => _pool.Release(each.Project, each.Amount));
        Assert.Equal((0, 32), ((int)_pool.Used, TakeAll("p0")));
    }

    private int TakeAll(string project)
    {
        var count = 0;
        while (_pool.TryTake(project, 1))
        {
            count++;
        }

        return count;
    }
}
