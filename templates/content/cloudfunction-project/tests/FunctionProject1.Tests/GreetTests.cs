using CloudFunction.Testing;

namespace FunctionNamespace1.Tests;

public sealed class GreetTests
{
    [Theory]
    [InlineData(8, "Good morning, Ada!")]
    [InlineData(15, "Hello, Ada!")]
    public async Task Greet_ByName_FindsTheWordsForTheTimeOfDay(int hour, string expected)
    {
        await using var functions = await FunctionTestHost.StartAsync<GreetFunction>(
            options => options.UseFakeTime(new DateTimeOffset(2030, 1, 1, hour, 0, 0, TimeSpan.Zero)));

        var answer = await functions.InvokeAsync<GreetResponse>("greet", new GreetRequest("Ada"));

        Assert.Equal(expected, answer.Message);
    }

    [Fact]
    public async Task Greet_WithoutAName_IsRefused()
    {
        await using var functions = await FunctionTestHost.StartAsync<GreetFunction>();

        var error = await Assert.ThrowsAsync<FunctionInvocationException>(() => functions.InvokeJsonAsync("greet", "{}"));

        Assert.Equal("INVALID_PARAMETERS", error.Code);
    }
}
