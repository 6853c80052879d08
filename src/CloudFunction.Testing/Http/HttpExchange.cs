using System.IO.Pipelines;
using System.Net;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Testing.Hosting;

namespace CloudFunction.Testing.Http;

/// <summary>Calls an HTTP function with a request of <see cref="HttpClient"/>'s, and makes a response of that kind of what it answers.</summary>
internal static class HttpExchange
{
    private static readonly Uri Base = new("http://localhost/");

    /// <summary>Does so.</summary>
    /// <exception cref="FunctionInvocationException">The function failed before its response began.</exception>
    public static async Task<HttpResponseMessage> SendAsync(
        TestProject project, string function, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri is { } given ? new Uri(Base, given) : Base;
        var headers = request.Headers.NonValidated.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()))
            .Concat(request.Content?.Headers.NonValidated.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())) ?? []);
        var call = new HttpCallHead(
            request.Method.Method, Uri.UnescapeDataString(address.AbsolutePath), address.Query, [.. headers], request.Content is not null);
        var body = request.Content is null ? Stream.Null : await request.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var result = await project.SendAsync(function, call, PipeReader.Create(body), cancellationToken).ConfigureAwait(false);
        var response = new HttpResponseMessage((HttpStatusCode)result.Head!.Status) { RequestMessage = request };
        response.Content = new StreamContent(new ResultStream(result, response));
        foreach (var (name, value) in result.Head.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }
}
