using System.Net;
using System.Text;
using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TestedFunctions;

namespace CloudFunction.Testing.Tests;

public sealed class FunctionTestHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Invoke_RunsWithStartupSettingsAndMiddleware_WhereItWasToldTo(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = isolation);

        Assert.Equal("Hello, Ada!", await functions.InvokeAsync<string>("greet", new GreetRequest("Ada")));

        Assert.Equal(isolation == WorkerIsolation.None, Environment.ProcessId == await functions.InvokeAsync<int>("process-id"));
        Assert.Contains(functions.Logs, record => record is { Level: LogLevel.Information, Message: "Ran greet", Function: "greet" }
            && Equals(record.Properties["Name"], "greet"));
        Assert.Contains("greet", functions.Functions);
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Invoke_OptionsOfTheTest_OverlayTheProjects(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options =>
        {
            options.Isolation = isolation;
            options.Environment["Greeting"] = "Good day";
            options.UseStartup<Loudly>();
        });

        Assert.Equal("Good day, Ada!!!", await functions.InvokeAsync<string>("greet", new GreetRequest("Ada")));
        Assert.Equal("Good day", await functions.InvokeAsync<string>("variable", "Greeting"));
    }

    [Fact]
    public async Task Dispose_TakesTheTestsVariablesOutOfTheProcess()
    {
        await using (await FunctionTestHost.StartAsync<Functions>(options =>
        {
            options.Isolation = WorkerIsolation.None;
            options.Environment["OF_ONE_TEST"] = "set";
        }))
        {
            Assert.Equal("set", Environment.GetEnvironmentVariable("OF_ONE_TEST"));
        }

        Assert.Null(Environment.GetEnvironmentVariable("OF_ONE_TEST"));
    }

    [Fact]
    public async Task ConfigureServices_TakesTheTestsObjects_InItsProcessAlone()
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options =>
        {
            options.Isolation = WorkerIsolation.None;
            options.ConfigureServices(services => services.AddSingleton<IPunctuation>(new Loudly()));
        });

        Assert.Equal("Hello, Ada!!!", await functions.InvokeAsync<string>("greet", new GreetRequest("Ada")));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => FunctionTestHost.StartAsync<Functions>(options =>
        {
            options.Isolation = WorkerIsolation.Process;
            options.ConfigureServices(services => services.AddSingleton<IPunctuation>(new Loudly()));
        }));
        Assert.Contains("UseStartup", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task AdvanceTime_MovesTheProjectsTimeAndItsDelays(WorkerIsolation isolation)
    {
        var start = new DateTimeOffset(2031, 5, 4, 3, 2, 1, TimeSpan.Zero);
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options =>
        {
            options.Isolation = isolation;
            options.UseFakeTime(start);
        });
        Assert.Equal(start, await functions.InvokeAsync<DateTimeOffset>("now"));

        var sleeping = functions.InvokeAsync<DateTimeOffset>("sleep-an-hour");
        await functions.WaitForLogAsync(record => record.Message == "Sleeps");
        await functions.AdvanceTimeAsync(TimeSpan.FromMinutes(59));
        Assert.Equal(start.AddMinutes(59), await functions.InvokeAsync<DateTimeOffset>("now"));
        Assert.False(sleeping.IsCompleted);
        await functions.AdvanceTimeAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(start.AddHours(1), await sleeping.WaitAsync(Patience));
        Assert.Equal(start.AddHours(1), functions.UtcNow);
    }

    [Fact]
    public async Task AdvanceTime_OnRealTime_SaysWhatIsMissing()
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => functions.AdvanceTimeAsync(TimeSpan.FromSeconds(1)));
        Assert.Contains("UseFakeTime", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Invoke_Failures_AreWhatCallersAreTold(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = isolation);

        var thrown = await FailAsync(functions.InvokeAsync<object>("fail"));
        Assert.Equal(("EXECUTION_ERROR", "System.InvalidOperationException"), (thrown.Code, thrown.ExceptionType));
        Assert.Contains("It is broken.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("TIMEOUT_ERROR", (await FailAsync(functions.InvokeAsync<object>("wait-forever"))).Code);
        Assert.Equal("FUNCTION_NOT_FOUND", (await FailAsync(functions.InvokeAsync<object>("nobody"))).Code);
        Assert.Equal(("INVALID_PARAMETERS", "$.name"), await RefusedAsync(functions, """{"name":"far longer than twenty characters"}"""));
        Assert.Equal(("INVALID_PARAMETERS", "$.name"), await RefusedAsync(functions, """{"name":7}"""));
        Assert.Equal("INVALID_PARAMETERS", (await RefusedAsync(functions, "{")).Code);
        Assert.Equal("INVALID_PARAMETERS", (await FailAsync(functions.InvokeAsync<object>("shout"))).Code);
    }

    [Fact]
    public async Task Invoke_ThatEndsTheWorker_IsACrashAndTheNextCallSucceeds()
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = WorkerIsolation.Process);

        Assert.Equal("WORKER_CRASHED", (await FailAsync(functions.InvokeAsync<object>("crash"))).Code);
        Assert.Equal("Hello, Ada!", await functions.InvokeAsync<string>("greet", new GreetRequest("Ada")));
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Invoke_CalledOff_FiresTheToken(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = isolation);
        using var source = new CancellationTokenSource();

        var waiting = functions.InvokeAsync<object>("wait-for-caller", null, source.Token);
        await functions.WaitForLogAsync(record => record.Message == "Waits");
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Invoke_LargeResultsAndNativeCode_AreThere(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = isolation);

        Assert.Equal(new string('x', 1_000_000), await functions.InvokeAsync<string>("large", 1_000_000));
        Assert.Equal(42, await functions.InvokeAsync<long>("native"));
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Stream_BringsItemsAsTheyComeAndWhatBreaksThemOff(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = isolation);

        Assert.Equal(Enumerable.Range(1, 20_000).Select(i => $"{i}"), await ReadAsync(functions.StreamAsync<string>("count", 20_000)));
        Assert.Equal(["1", "2"], await functions.InvokeAsync<string[]>("count", 2));
        var first = 0;
        var broken = await FailAsync(CountAsync());
        Assert.Equal((1, "EXECUTION_ERROR"), (first, broken.Code));
        await foreach (var item in functions.StreamAsync<string>("count", int.MaxValue))
        {
            Assert.Equal("1", item);
            break; // Which ends the function too: the host could not be disposed of before its time else.
        }

        async Task CountAsync()
        {
            await foreach (var item in functions.StreamAsync<int>("break-off"))
            {
                first = item;
            }
        }
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Send_ToAnHttpFunction_BringsStatusHeadersBodyAndTrailers(WorkerIsolation isolation)
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>(options => options.Isolation = isolation);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/a b/7?full=true")
        {
            Content = new StringContent(new string('a', 200_000), Encoding.UTF8, "text/plain"),
        };

        using var response = await functions.SendAsync("shout", request);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("PUT /a b/7?full=true", response.Headers.GetValues("X-Path").Single());
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(new string('A', 200_000), await response.Content.ReadAsStringAsync());
        Assert.Equal("here", response.TrailingHeaders.GetValues("X-End").Single());
    }

    [Theory]
    [ClassData(typeof(BothWays))]
    public async Task Dispose_StopsHostedServices(WorkerIsolation isolation)
    {
        var data = Directory.CreateTempSubdirectory("cf-testing-");
        try
        {
            await using (var functions = await FunctionTestHost.StartAsync<Functions>(options =>
            {
                options.Isolation = isolation;
                options.DataDirectory = data.FullName;
            }))
            {
                Assert.Equal(data.FullName, functions.DataDirectory);
                Assert.Empty(data.GetFiles());
            }

            Assert.Equal("stopped", Assert.Single(data.GetFiles()).Name);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Hosts_BesideEachOther_HaveTimesAndSettingsOfTheirOwn()
    {
        var starts = Enumerable.Range(2001, 8).Select(year => new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var seen = await Task.WhenAll(starts.Select(async start =>
        {
            await using var functions = await FunctionTestHost.StartAsync<Functions>(options =>
            {
                options.Isolation = WorkerIsolation.None;
                options.UseFakeTime(start);
                options.Environment["Greeting"] = $"{start.Year}";
            });
            return (await functions.InvokeAsync<DateTimeOffset>("now"), await functions.InvokeAsync<string>("greet", new GreetRequest("Ada")));
        }));

        Assert.Equal(starts.Select(start => (start, $"{start.Year}, Ada!")), seen);
    }

    [Fact]
    public async Task Start_OfAnAssemblyThatDoesNotLoad_SaysWhy()
    {
        var error = await Assert.ThrowsAnyAsync<Runtime.CloudFunctionException>(
            () => FunctionTestHost.StartAsync<string>(options => options.Isolation = WorkerIsolation.None));

        Assert.Contains("no function", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WaitForLog_ThatNeverComes_TellsThoseThatDid()
    {
        await using var functions = await FunctionTestHost.StartAsync<Functions>();
        await functions.InvokeAsync<string>("greet", new GreetRequest("Ada"));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => functions.WaitForLogAsync(_ => false, TimeSpan.FromMilliseconds(10)));
        Assert.Contains("Ran greet", error.Message, StringComparison.Ordinal);
    }

    private static async Task<(string Code, string? Field)> RefusedAsync(FunctionTestHost functions, string payload)
    {
        var error = await FailAsync(functions.InvokeJsonAsync("greet", payload));
        return (error.Code, error.Field);
    }

    private static async Task<FunctionInvocationException> FailAsync(Task call) =>
        await Assert.ThrowsAsync<FunctionInvocationException>(() => call.WaitAsync(Patience));

    private static async Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
        {
            all.Add(item);
        }

        return all;
    }
}
