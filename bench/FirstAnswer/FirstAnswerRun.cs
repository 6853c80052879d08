using System.Globalization;
using System.Text;
using SideBySide;
using SideBySide.Processes;
using SideBySide.Report;
using TaskStore;

namespace FirstAnswer;

/// <summary>Packs the packages, then goes the way from nothing to answers, and the way to an answer of ASP.NET Core's own
/// template beside it.</summary>
internal static class FirstAnswerRun
{
    private const string Install = "dotnet new install CloudFunction.Templates";
    private const string NewHost = "dotnet new cloudfunction-host -n MyHost";
    private const string RunHost = "dotnet run --project MyHost";
    private const string CallHost = "curl …/hello/greet/invoke";
    private const string NewProject = "dotnet new cloudfunction-project -n Greetings";
    private const string Publish = "dotnet publish Greetings/src/Greetings -o MyHost/projects/greetings";
    private const string CallProject = "curl …/greetings/greet/invoke";
    private const string NewWeb = "dotnet new web -n Web";
    private const string RunWeb = "dotnet run --project Web --no-launch-profile";
    private const string CallWeb = "curl …/";

    private static readonly string[] First = [Install, NewHost, RunHost, CallHost];
    private static readonly string[] Own = [NewProject, Publish, CallProject];
    private static readonly string[] Baseline = [NewWeb, RunWeb, CallWeb];

    public static Task<int> RunAsync(FirstAnswerOptions options) => MeasuredRun.RunAsync(async cancellationToken =>
    {
        var head = await ReportHead.ReadAsync(cancellationToken);
        var root = Directory.CreateTempSubdirectory("cf-first-");
        try
        {
            var feed = Path.Combine(root.FullName, "feed");
            Progress.Report("packing");
            var packed = await Command.RunAsync(
                "dotnet", ["pack", "CloudFunction.sln", "-c", "Release", $"-p:PackageOutputPath={feed}/"], Repository.Root, TimeSpan.FromMinutes(15),
                cancellationToken);
            if (packed.ExitCode != 0)
            {
                throw new MeasurementException($"dotnet pack failed: {packed.Output}");
            }

            var samples = new Samples();
            for (var round = 1; round <= options.Rounds; round++)
            {
                Progress.Report($"round {round} of {options.Rounds}");
                await MeasureAsync(Directory.CreateDirectory(Path.Combine(root.FullName, $"{round}")).FullName, feed, samples, cancellationToken);
            }

            await WriteAsync(head, options, Report(head, options, samples), cancellationToken);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    });

    private static async Task MeasureAsync(string folder, string feed, Samples samples, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nuget.config"),
            $"<configuration><packageSources><add key=\"packed\" value=\"{feed}\" /></packageSources></configuration>",
            cancellationToken);
        var (host, web) = (FreePort.Take(), FreePort.Take());
        var environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(folder, "packages"),
            ["DOTNET_CLI_HOME"] = Path.Combine(folder, "home"),
            ["PORT"] = host.ToString(CultureInfo.InvariantCulture),
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{web}",
        };
        await using var journey = new Journey(folder, environment, samples);
        await journey.RunAsync(NewWeb, cancellationToken);
        var webUri = new Uri($"http://127.0.0.1:{web}/");
        var server = await journey.ServeAsync(RunWeb, webUri, cancellationToken);
        await journey.CallAsync(CallWeb, webUri, "Hello World!", post: false, server, cancellationToken);
        await server.DisposeAsync();

        var api = new Uri($"http://127.0.0.1:{host}/");
        await journey.RunAsync(Install, cancellationToken);
        await journey.RunAsync(NewHost, cancellationToken);
        server = await journey.ServeAsync(RunHost, new Uri(api, "/health/live"), cancellationToken);
        await journey.CallAsync(CallHost, new Uri(api, "/api/v1/functions/hello/greet/invoke"), "Hello, Ada!", post: true, server, cancellationToken);
        await journey.RunAsync(NewProject, cancellationToken);
        await journey.RunAsync(Publish, cancellationToken);
        await journey.CallAsync(
            CallProject, new Uri(api, "/api/v1/functions/greetings/greet/invoke"), ", Ada!", post: true, server, cancellationToken);
        foreach (var (name, steps) in new[] { (nameof(First), First), (nameof(Own), Own), (nameof(Baseline), Baseline) })
        {
            samples.Add(name, steps.Sum(step => samples.Last(step)));
        }
    }

    private static string Report(ReportHead head, FirstAnswerOptions options, Samples samples)
    {
        var text = new StringBuilder("# From nothing to the first answer\n\n").AppendJoin('\n', head.Lines).Append(CultureInfo.InvariantCulture, $"""

            - Options: {options.Rounds} rounds, each with no packages in the cache and no templates installed

            Seconds of each command, one after the other, with no time to type or read: the median over the rounds, with the least and the
            most of them. What a command downloads is in it, from the user's usual source. The command that starts a server counts until it
            answers, a call until the answer is right: the first one waits until the project has been built from its source.


            """);
        foreach (var (title, name, steps) in new[]
        {
            ("The first answer", nameof(First), First), ("Then a function project of one's own, with tests", nameof(Own), Own),
            ("For comparison: ASP.NET Core's own empty template, with no isolation", nameof(Baseline), Baseline),
        })
        {
            text.Append(CultureInfo.InvariantCulture, $"## {title}: {steps.Length} commands\n\n");
            var table = new MarkdownTable("command", "seconds");
            foreach (var step in steps)
            {
                table.Add($"`{step}`", samples.Format(step, "0.00"));
            }

            table.Add("**all**", samples.Format(name, "0.00"));
            table.AppendTo(text);
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $"The first answer to that of the empty template: {samples.Ratio(nameof(First), nameof(Baseline))}\n").ToString();
    }

    private static async Task WriteAsync(ReportHead head, FirstAnswerOptions options, string report, CancellationToken cancellationToken)
    {
        Console.Write(report);
        if (options.Output is { } output)
        {
            var target = Directory.CreateDirectory(Path.GetFullPath(output, Repository.Root)).FullName;
            var file = $"{head.Date:yyyy-MM-dd}-{head.Source.Commit}{(head.Source.IsDirty ? "-dirty" : "")}-first-answer.md";
            await File.WriteAllTextAsync(Path.Combine(target, file), report, cancellationToken);
            Progress.Report($"written to {Path.Combine(output, file)}");
        }
    }
}
