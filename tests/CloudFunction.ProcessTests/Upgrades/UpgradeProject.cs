using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Upgrades;

/// <summary>The project whose data outlives its host. Each of its functions ends by itself on the next host, whatever the last one left.</summary>
internal static class UpgradeProject
{
    public const string Name = "shop";

    /// <summary>How many characters the function <c>large</c> answers with: in a row of the store then, in a file perhaps today.</summary>
    public const int LargeLength = 600_000;

    /// <summary>As many attempts as <c>flaky</c> needs.</summary>
    public const int FlakyAttempts = 4;

    /// <summary>A large payload, which <c>large</c> takes too.</summary>
    public static string LargePayload { get; } = $$"""{"letter": "p", "text": "{{new string('p', LargeLength)}}"}""";

    private const string Functions = """
        [Function("echo", Description = "version NUMBER")]
        public sealed class Echo : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) => new(payload);
        }

        [Function("large")]
        public sealed class Large : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                new(new string(payload.GetProperty("letter").GetString()![0], LENGTH));
        }

        [Function("fail", MaxAttempts = 1)]
        public sealed class Fail : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                throw new InvalidOperationException("It never works.");
        }

        [Function("flaky", MaxAttempts = 10)]
        public sealed class Flaky : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                context.Attempt < ATTEMPTS ? throw new InvalidOperationException($"Not in attempt {context.Attempt}.") : new(context.Attempt);
        }

        [Function("hold", MaxConcurrent = 1, MaxAttempts = 10)]
        public sealed class Hold : IFunction
        {
            public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                if (payload.GetProperty("hold").GetBoolean() && context.Attempt == 1)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                return payload;
            }
        }

        [Function("hidden")]
        public sealed class Hidden : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) => new("found");
        }

        [Function("yearly")]
        [Schedule("0 0 29 2 *", TimeZone = "Europe/Berlin", Misfire = MisfirePolicy.Skip)]
        public sealed class Yearly : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) => new("run");
        }
        """;

    /// <summary>The files of a version.</summary>
    public static IReadOnlyDictionary<string, byte[]> Version(int number) => ShopProject.Files(
        Functions.Replace("NUMBER", $"{number}", StringComparison.Ordinal)
            .Replace("LENGTH", $"{LargeLength}", StringComparison.Ordinal)
            .Replace("ATTEMPTS", $"{FlakyAttempts}", StringComparison.Ordinal),
        number);

    /// <summary>A schedule file with one of the host's own schedules and one of the project's.</summary>
    public const string ScheduleFile = """
        tasks:
          system:
            cleanup: {type: system, function: cleanup_old_tasks, args: [3650], cron: "0 0 29 2 *", misfire: skip}
          projects:
            shop:
              leap: {project: shop, function: echo, args: {from: file}, cron: "0 0 29 2 *", timezone: Asia/Tokyo, misfire: skip, overlap: queue}
        """;
}
