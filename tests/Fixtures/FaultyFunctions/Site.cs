using System.Globalization;
using System.Text;
using CloudFunction;

namespace FaultyFunctions;

/// <summary>An HTTP function; what it does is its path. <c>/echo</c> sends back the body as it comes, <c>/request</c> says what came,
/// <c>/status/N</c> answers that status, <c>/early</c> answers before it has the body and reads none, <c>/throw</c> fails before,
/// <c>/break</c> fails after the first part, <c>/slow</c> sends a part and waits for its token, of which the marker <c>slow.cancelled</c>
/// tells, <c>/sync</c> writes synchronously, <c>/trailers</c> has some.</summary>
[Function("site")]
public sealed class Site : IHttpFunction
{
    public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
    {
        switch (http.Path.Split('/')[1])
        {
            case "":
                await WriteAsync(http, "the root");
                break;
            case "echo":
                http.ResponseHeaders["Content-Type"] = ["application/octet-stream"];
                await http.RequestBody.CopyToAsync(http.ResponseBody, cancellationToken);
                break;
            case "request":
                http.ResponseHeaders["X-Twice"] = ["1", "2"];
                using (var reader = new StreamReader(http.RequestBody))
                {
                    var headers = string.Join(' ', http.RequestHeaders.Where(header => header.Key.StartsWith(
                        "X-", StringComparison.OrdinalIgnoreCase)).Select(header => $"{header.Key}={string.Join('|', header.Value)}"));
                    await WriteAsync(
                        http, $"{http.Method} {http.Path} {http.QueryString} [{headers}] {await reader.ReadToEndAsync(cancellationToken)}");
                }

                break;
            case "status":
                http.StatusCode = int.Parse(http.Path.Split('/')[2], CultureInfo.InvariantCulture);
                await WriteAsync(http, "body");
                break;
            case "early":
                await WriteAsync(http, "early");
                break;
            case "throw":
                throw new InvalidOperationException("There is no such page.");
            case "break":
                await WriteAsync(http, "first");
                throw new InvalidOperationException("There is no second part.");
            case "slow":
                await WriteAsync(http, "first\n");
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    Marker.Write(context, "slow.cancelled");
                }

                break;
            case "sync":
                http.ResponseBody.Write("a"u8);
                http.ResponseBody.Write("b"u8);
                break;
            case "trailers":
                await WriteAsync(http, "body");
                http.ResponseTrailers["X-Sum"] = ["42"];
                break;
            case "header":
                http.ResponseHeaders["X-Bad"] = ["a\r\nb"];
                break;
        }
    }

    private static ValueTask WriteAsync(FunctionHttpContext http, string text) => http.ResponseBody.WriteAsync(Encoding.UTF8.GetBytes(text));
}
