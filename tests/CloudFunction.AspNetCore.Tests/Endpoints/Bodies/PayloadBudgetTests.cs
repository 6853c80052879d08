using CloudFunction.AspNetCore.Endpoints.Bodies;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

public sealed class PayloadBudgetTests
{
    private const long Bound = 64L << 20;

    [Fact]
    public async Task Invoke_NoRoomForItsPayload_Is503AndGivesBackWhatItTook()
    {
        await using var app = await TestApp.StartAsync(static options => options.MaxRequestBytes = 1024);
        var budget = app.App.Services.GetRequiredService<PayloadBudget>();
        Assert.True(budget.TryTake(Bound - 10));

        using (var response = await app.InvokeAsync(new string(' ', 11), "?mode=async"))
        {
            await response.ShouldFailAsync(503, "OVERLOADED");
        }

        using (var response = await app.InvokeAsync(new string(' ', 10), "?mode=async"))
        {
            Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        }

        // It is given back behind the answer.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (budget.Used != Bound - 10)
        {
            Assert.False(limit.IsCancellationRequested, $"{budget.Used} bytes are still taken.");
            await timer.WaitForNextTickAsync();
        }
    }
}
