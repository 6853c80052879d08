namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>Whatever is asked of a project, in whatever order, it is what a plain model of it says.</summary>
public sealed class ProjectSequenceTests
{
    private const int Steps = 80;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyRequests_InRandomOrder_LeaveWhatTheModelHas(int seed)
    {
        await using var test = await ProjectUnderTest.OpenAsync(configure: static options => options.KeepVersions = 1000);
        var sequence = new ProjectSequence(test, seed);
        for (var step = 0; step < Steps; step++)
        {
            await sequence.StepAsync();
        }
    }
}
