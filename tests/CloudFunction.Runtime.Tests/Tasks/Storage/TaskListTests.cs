using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class TaskListTests : IDisposable
{
    private readonly TaskStoreUnderTest _tasks = new();

    public void Dispose() => _tasks.Dispose();

    [Fact]
    public async Task ListAsync_AnyFilter_AgreesWithAPlainSearch()
    {
        var all = await MakeAsync(60);
        string?[] projects = [null, "a", "b", "none"];
        string?[] functions = [null, "x", "y"];
        foreach (var project in projects)
        {
            foreach (var function in functions)
            {
                foreach (var status in Enum.GetValues<FunctionTaskStatus>().Select(status => (FunctionTaskStatus?)status).Append(null))
                {
                    var expected = all.Where(task => project is null || task.Project == project)
                        .Where(task => function is null || task.Function == function)
                        .Where(task => status is null || task.Status == status).Select(task => task.Id).OrderDescending();

                    Assert.Equal(expected, await PagesAsync(new TaskQuery { Project = project, Function = function, Status = status, Limit = 7 }));
                }
            }
        }
    }

    [Fact]
    public async Task ListAsync_TasksThatComeMeanwhile_DoNotShiftLaterPages()
    {
        TaskId[] ids = [await _tasks.AddAsync(), await _tasks.AddAsync(), await _tasks.AddAsync()];
        var first = await _tasks.Store.ListAsync(new TaskQuery { Limit = 2 }, CancellationToken.None);
        await _tasks.AddAsync();
        var second = await _tasks.Store.ListAsync(new TaskQuery { Limit = 2, Before = first.Next }, CancellationToken.None);

        Assert.Equal([ids[2], ids[1]], first.Tasks.Select(task => task.Id));
        Assert.Equal([ids[0]], second.Tasks.Select(task => task.Id));
        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task ListAsync_LimitOutOfRange_IsRefused(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _tasks.Store.ListAsync(new TaskQuery { Limit = limit }, CancellationToken.None));

    private async Task<List<TaskSummary>> MakeAsync(int count)
    {
        var made = new List<TaskSummary>();
        for (var i = 0; i < count; i++)
        {
            var id = await _tasks.AddAsync(i % 3 == 0 ? "a" : "b", i % 2 == 0 ? "x" : "y", maxAttempts: 1 + (i % 5 == 0 ? 1 : 0));
            await _tasks.ClaimAsync();
            if (i % 7 == 0)
            {
                await _tasks.Store.CancelAsync(id, CancellationToken.None);
            }
            else if (i % 4 != 0)
            {
                await _tasks.StartAsync(id);
                await (i % 3 == 0 ? Task.CompletedTask : _tasks.EndAsync(
                    id, 1, i % 2 == 0 ? TaskStoreUnderTest.Success : TaskStoreUnderTest.Failure with { Delay = TimeSpan.FromDays(1) }));
            }

            made.Add((await _tasks.GetAsync(id)).Summary);
        }

        Assert.Equal(Enum.GetValues<FunctionTaskStatus>(), made.Select(task => task.Status).Distinct().Order());
        return made;
    }

    private async Task<List<TaskId>> PagesAsync(TaskQuery query)
    {
        var found = new List<TaskId>();
        do
        {
            var page = await _tasks.Store.ListAsync(query, CancellationToken.None);
            found.AddRange(page.Tasks.Select(task => task.Id));
            query = query with { Before = page.Next };
        }
        while (query.Before is not null);

        return found;
    }
}
