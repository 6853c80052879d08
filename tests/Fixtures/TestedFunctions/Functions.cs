using System.Globalization;
using System.Text;
using CloudFunction;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace TestedFunctions;

public sealed class Functions(IPunctuation punctuation, IConfiguration configuration, TimeProvider time)
{
    [Function]
    public string Greet(GreetRequest request) => $"{configuration["Greeting"]}, {request.Name}{punctuation.Mark}";

    [Function]
    public static int ProcessId() => Environment.ProcessId;

    [Function]
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    [Function]
    public DateTimeOffset Now() => time.GetUtcNow();

    [Function]
    public async Task<DateTimeOffset> SleepAnHour(FunctionContext context, CancellationToken cancellationToken)
    {
        var until = Task.Delay(TimeSpan.FromHours(1), time, cancellationToken);
        Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(context.Logger, "Sleeps");
        await until;
        return time.GetUtcNow();
    }

    [Function(TimeoutSeconds = 0.3)]
    public static Task WaitForever(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    [Function]
    public static Task WaitForCaller(FunctionContext context, CancellationToken cancellationToken)
    {
        Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(context.Logger, "Waits");
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }

    [Function]
    public static void Fail() => throw new InvalidOperationException("It is broken.");

    [Function]
    public static void Crash() => Environment.Exit(3);

    [Function]
    public static string Large(int characters) => new('x', characters);

    [Function]
    public static long Native()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 6 * 7";
        return (long)command.ExecuteScalar()!;
    }

    [Function]
    public static async IAsyncEnumerable<string> Count(int to)
    {
        for (var i = 1; i <= to; i++)
        {
            await Task.Yield();
            yield return i.ToString(CultureInfo.InvariantCulture);
        }
    }

    [Function]
    public static async IAsyncEnumerable<int> BreakOff()
    {
        yield return 1;
        await Task.Yield();
        throw new InvalidOperationException("It breaks off.");
    }

    [Function]
    public static async Task Shout(FunctionHttpContext http, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(http.RequestBody, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        http.StatusCode = 201;
        http.ResponseHeaders["X-Path"] = [$"{http.Method} {http.Path}{http.QueryString}"];
        http.ResponseHeaders["Content-Type"] = ["text/plain"];
        await http.ResponseBody.WriteAsync(Encoding.UTF8.GetBytes(text.ToUpperInvariant()), cancellationToken);
        http.ResponseTrailers["X-End"] = ["here"];
    }
}
