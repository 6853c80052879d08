using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Hosting;

/// <summary>What the README has a newcomer do: the first command, and then the line that the host prints.</summary>
public sealed partial class SampleHostTests
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Run_ThenThePrintedLine_AnswersFromAWorkerProcess()
    {
        var data = Directory.CreateTempSubdirectory("cft-");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["run", "--no-build", "--configuration", Built.Configuration, "--project", Built.SampleHostProject])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOST"] = "127.0.0.1";
        start.Environment["PORT"] = "0";
        start.Environment["DATA_DIR"] = Path.Combine(data.FullName, "data");
        start.Environment["DEPLOYMENTS_DIR"] = Path.Combine(data.FullName, "deployments");
        start.Environment["LOG_DIR"] = Path.Combine(data.FullName, "logs");
        using var process = Process.Start(start)!;
        try
        {
            var output = new ProcessOutput(process);
            await Eventually.BecomesAsync(() => process.HasExited || output.Find("curl ") is not null, StartTimeout, output.ToString);
            var line = CurlLine().Match(output.Find("curl ") ?? output.ToString());
            Assert.True(line.Success, output.ToString());

            using var client = new HttpClient();
            var function = line.Groups["url"].Value;
            var greeting = await PostAsync(client, function, line.Groups["payload"].Value);
            var whole = await PostAsync(client, function, """{"name":"张三"}""");
            var who = await PostAsync(client, function.Replace("/greet/", "/whoami/", StringComparison.Ordinal), "{}");

            Assert.Equal("Hello, Ada!", (string?)greeting["result"]!["message"]);
            Assert.Equal("Hello, 张三!", (string?)whole["result"]!["message"]);
            Assert.Equal("success", (string?)whole["status"]);
            Assert.Matches(@"^\d+\.\d{3}s$", (string?)whole["execution_time"]);
            var pid = (int)who["result"]!["pid"]!;
            Assert.NotEqual(process.Id, pid);
            if (OperatingSystem.IsLinux())
            {
                Assert.Contains("CloudFunction.Worker.Bootstrap", await File.ReadAllTextAsync($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            await Eventually.BecomesAsync(() => TryDelete(data), StartTimeout, () => $"{data.FullName} is in use still");
        }
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string url, string payload)
    {
        using var content = new StringContent(payload, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(url), content);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static bool TryDelete(DirectoryInfo directory)
    {
        try
        {
            directory.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false; // The host has not quite ended.
        }
    }

    [GeneratedRegex("^curl (?<url>http://[^ ]+) -H 'Content-Type: application/json' -d '(?<payload>[^']+)'$")]
    private static partial Regex CurlLine();
}
