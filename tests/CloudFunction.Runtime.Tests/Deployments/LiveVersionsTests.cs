using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class LiveVersionsTests
{
    private static readonly LiveVersions Split = new(3, new Dictionary<int, int> { [1] = 10, [3] = 60, [2] = 30 }, "f");

    [Fact]
    public void All_MainVersion_ComesFirstThenByWeight()
    {
        Assert.Equal([3, 2, 1], Split.All);
        Assert.Equal([1, 2], new LiveVersions(1, new Dictionary<int, int> { [2] = 50, [1] = 50 }).All);
        Assert.Equal([4], new LiveVersions(4).All);
        Assert.Empty(LiveVersions.None.All);
    }

    [Fact]
    public void WeightOf_NoTraffic_IsAllForTheOne()
    {
        Assert.Equal((100, 0), (new LiveVersions(4).WeightOf(4), new LiveVersions(4).WeightOf(3)));
        Assert.Equal((60, 0), (Split.WeightOf(3), Split.WeightOf(4)));
    }

    [Fact]
    public void Without_EachInTurn_LeavesTheOthers()
    {
        Assert.Same(Split, Split.Without(4));
        Assert.Equal(new LiveVersions(2, new Dictionary<int, int> { [2] = 30, [1] = 10 }, "f"), Split.Without(3));
        Assert.Equal(new LiveVersions(3, null, "f"), Split.Without(1).Without(2));
        Assert.Equal(new LiveVersions(null, null, "f"), Split.Without(1).Without(2).Without(3));
    }

    [Fact]
    public void Equals_SameTraffic_WhateverTheOrder()
    {
        var same = new LiveVersions(3, new Dictionary<int, int> { [2] = 30, [3] = 60, [1] = 10 }, "f");

        Assert.Equal(Split, same);
        Assert.Equal(Split.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(Split, Split with { Folder = "g" });
        Assert.NotEqual(Split, Split with { Traffic = new Dictionary<int, int> { [2] = 31, [3] = 60, [1] = 9 } });
        Assert.NotEqual(Split, Split with { Traffic = null });
    }
}
