using System.Net;
using System.Security.Cryptography;
using System.Text;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>Large payloads and results, slow clients, and the limits of both.</summary>
public sealed class PayloadTests
{
    private const int Megabyte = 1 << 20;

    [SkippableFact]
    public async Task Invoke_LargePayloadBothWays_ComesBackAsItWasAndTheHostHoldsLittleOfIt()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        await host.InvokeAsync("faulty", "echo", $"\"{new string('w', 2 * Megabyte)}\"");
        var payload = $"\"{RandomNumberGenerator.GetHexString(20 * Megabyte)}\"";
        var before = UnixProcess.ResidentBytes(host.Pid);
        UnixProcess.ResetPeak(host.Pid);

        for (var call = 0; call < 4; call++)
        {
            var answer = await host.InvokeAsync("faulty", "echo", payload);

            Assert.Equal(HttpStatusCode.OK, answer.Status);
            var at = answer.Text.IndexOf("\"result\":", StringComparison.Ordinal) + "\"result\":".Length;
            Assert.True(answer.Text.AsSpan(at).StartsWith(payload, StringComparison.Ordinal), "The result is not the payload.");
        }

        var grown = UnixProcess.PeakBytes(host.Pid) - before;
        Assert.True(grown < 3 * payload.Length, $"The host held {grown / Megabyte} MB more at one time.");
    }

    [SkippableFact]
    public async Task Invoke_ClientReadsSlowly_TheHostHoldsLittleOfTheResultAndOthersAreServed()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        await host.InvokeAsync("faulty", "text", $"{2 * Megabyte}");
        var before = UnixProcess.ResidentBytes(host.Pid);
        UnixProcess.ResetPeak(host.Pid);

        // Three results of 60 MB each, of which their readers take the first byte and then nothing for a while.
        using var client = host.NewClient();
        var responses = new List<HttpResponseMessage>();
        var streams = new List<Stream>();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/functions/faulty/text/invoke")
            {
                Content = new StringContent($"{60 * Megabyte}", Encoding.UTF8, "application/json"),
            };
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            responses.Add(response);
            streams.Add(await response.Content.ReadAsStreamAsync());
            Assert.Equal('{', streams[i].ReadByte());
        }

        for (var call = 0; call < 50; call++)
        {
            Assert.Equal(call, (await host.InvokeAsync("faulty", "echo", $"{call}")).Result.GetInt32());
        }

        var grown = UnixProcess.PeakBytes(host.Pid) - before;
        Assert.True(grown < 40L * Megabyte, $"The host holds {grown / Megabyte} MB for readers that do not read.");

        // And it was only held back, not lost.
        var rest = new byte[Megabyte];
        long length = 1;
        for (int read; (read = await streams[0].ReadAsync(rest)) > 0;)
        {
            length += read;
        }

        Assert.InRange(length, 60 * Megabyte, (60 * Megabyte) + 500);
        streams.ForEach(s => s.Dispose());
        responses.ForEach(r => r.Dispose());
        await host.WorkerOfAsync("faulty");
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_PayloadAboveMaxRequestBytes_Answers413(bool chunked)
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_REQUEST_BYTES", "1MB"));
        var fits = $"\"{new string('a', Megabyte - 2)}\"";
        Assert.Equal(fits.Length - 2, (await host.InvokeAsync("faulty", "echo", fits)).Result.GetString()!.Length);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/functions/faulty/echo/invoke")
        {
            Content = new StringContent($"\"{new string('a', Megabyte - 1)}\"", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        var answer = await Answer.OfAsync(await host.Client.SendAsync(request));

        answer.AssertError(HttpStatusCode.RequestEntityTooLarge, "INVALID_PARAMETERS");
        await host.WorkerOfAsync("faulty");
    }

    [SkippableFact]
    public async Task Invoke_ResultAboveMaxResponseBytes_Answers500()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_RESPONSE_BYTES", "1MB"));
        var worker = await host.WorkerOfAsync("faulty");
        Assert.Equal(Megabyte - 2, (await host.InvokeAsync("faulty", "text", $"{Megabyte - 2}")).Result.GetString()!.Length);

        var message = (await host.InvokeAsync("faulty", "text", $"{Megabyte - 1}")).AssertError(
            HttpStatusCode.InternalServerError, "EXECUTION_ERROR");

        Assert.Contains("MAX_RESPONSE_BYTES", message);
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }
}
