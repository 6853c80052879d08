using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tests.Bodies;

public sealed class BodyBudgetTests
{
    private const long Share = 100;
    private const long Common = 400;

    private readonly BodyBudget _budget = new(Share, Common);

    [Fact]
    public void TryTake_OthersHaveTakenAllTheyCan_HasItsOwnShare()
    {
        for (var project = 0; project < 10; project++)
        {
            while (_budget.TryTake($"greedy-{project}", 10))
            {
            }
        }

        Assert.True(_budget.TryTake("modest", Share));
        Assert.False(_budget.TryTake("modest", 1));
    }

    [Fact]
    public void TryTake_OneProject_GetsItsShareAndHalfOfTheCommonPart()
    {
        Assert.True(_budget.TryTake("greedy", Share + (Common / 2)));
        Assert.False(_budget.TryTake("greedy", 1));
        Assert.True(_budget.TryTake("other", Share + (Common / 2)));
        Assert.False(_budget.TryTake("third", Share + 1));
    }

    // Whatever is taken and given back, the books are right: what a fresh count of all that is held would say.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TryTake_AnySequence_KeepsToTheBoundsAndToTheCount(int seed)
    {
        var random = new Random(seed);
        var held = new List<(string Project, long Bytes)>();
        for (var step = 0; step < 20_000; step++)
        {
            var project = $"p{random.Next(6)}";
            var bytes = random.Next(1, 80);
            if (random.Next(2) == 0 && held.Count > 0)
            {
                var at = random.Next(held.Count);
                _budget.Release(held[at].Project, held[at].Bytes);
                held.RemoveAt(at);
            }
            else
            {
                var used = held.Where(each => each.Project == project).Sum(each => each.Bytes);
                var beyond = held.GroupBy(each => each.Project).ToDictionary(
                    each => each.Key, each => Math.Max(0, each.Sum(one => one.Bytes) - Share));
                var own = Math.Max(0, used + bytes - Share);
                var isExpected = used + bytes <= Share
                    || (own <= Common / 2 && beyond.Where(each => each.Key != project).Sum(each => each.Value) + own <= Common);
                Assert.Equal(isExpected, _budget.TryTake(project, bytes));
                if (isExpected)
                {
                    held.Add((project, bytes));
                }
            }

            Assert.Equal(held.Sum(each => each.Bytes), _budget.Used);
        }

        held.ForEach(each => _budget.Release(each.Project, each.Bytes));
        Assert.Equal(0, _budget.Used);
        Assert.True(_budget.TryTake("p0", Share + (Common / 2)));
    }
}
