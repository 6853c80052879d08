using System.Globalization;
using System.Text;
using CloudFunction;

namespace EdgeFunctions;

/// <summary>An HTTP function that reads its body to the end and answers with its length.</summary>
[Function("sink")]
public sealed class Sink : IHttpFunction
{
    public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        long total = 0;
        while (await http.RequestBody.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            total += read;
        }

        await http.ResponseBody.WriteAsync(Encoding.ASCII.GetBytes(total.ToString(CultureInfo.InvariantCulture)), cancellationToken);
    }
}
