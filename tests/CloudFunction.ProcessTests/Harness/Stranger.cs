using System.Net;
using System.Text;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A caller that the host does not take for a local one, and all that it has been sent.</summary>
internal sealed class Stranger(HostProcess host) : IDisposable
{
    private readonly HttpClient _client = host.NewClient();
    private readonly List<(string Request, string Answer)> _seen = [];

    /// <summary>Every answer so far: status, headers and body.</summary>
    public IReadOnlyList<(string Request, string Answer)> Seen => _seen;

    /// <summary>Sends a request and reads its answer, however that ends.</summary>
    /// <returns>The status and the body as far as it came.</returns>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-For", "203.0.113.9"); // A proxy passed it on: whoever it is, it is not this machine.
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var body = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(body);
        }
        catch (HttpRequestException)
        {
            // Cut; what came before counts.
        }

        var text = Encoding.UTF8.GetString(body.ToArray());
        _seen.Add((
            $"{method} {path} {string.Join(", ", headers)}",
            $"{(int)response.StatusCode} {response.Headers} {response.Content.Headers} {response.TrailingHeaders} {text}"));
        return (response.StatusCode, text);
    }

    /// <summary>Checks that nothing of what it was sent has any of these in it.</summary>
    public void AssertNeverSaw(params string[] markers)
    {
        foreach (var (request, answer) in Seen)
        {
            foreach (var marker in markers)
            {
                Assert.False(answer.Contains(marker, StringComparison.OrdinalIgnoreCase), $"'{marker}' in the answer to {request}: {answer}");
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
