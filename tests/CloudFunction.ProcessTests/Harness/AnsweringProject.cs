namespace CloudFunction.ProcessTests.Harness;

/// <summary>A project whose HTTP function answers what its query says, and whose other functions fail in every way that a caller may see.</summary>
internal static class AnsweringProject
{
    private const string Source = """
        using System.Collections.Generic;
        using System.Linq;
        using System.Text;

        // In the query, in any order: status=N; h=Name:Value and t=Name:Value for headers and trailers, again for more; big=N for a header of that
        // length; sync=N and async=N for bytes of body; names for the names of the request's headers.
        [Function("answer")]
        public sealed class Answering : IHttpFunction
        {
            public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
            {
                try
                {
                    foreach (var each in http.QueryString.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
                    {
                        var pair = each.Split('=', 2);
                        var value = Uri.UnescapeDataString(pair[1]);
                        switch (pair[0])
                        {
                            case "status": http.StatusCode = int.Parse(value); break;
                            case "h": Add(http.ResponseHeaders, value); break;
                            case "t": Add(http.ResponseTrailers, value); break;
                            case "big": http.ResponseHeaders["X-Big"] = [new string('a', int.Parse(value))]; break;
                            case "sync": http.ResponseBody.Write(new byte[int.Parse(value)]); break;
                            case "async": await http.ResponseBody.WriteAsync(new byte[int.Parse(value)], cancellationToken); break;
                            case "names": await http.ResponseBody.WriteAsync(Encoding.ASCII.GetBytes(Names(http))); break;
                        }
                    }
                }
                catch (InvalidOperationException e)
                {
                    throw new InvalidOperationException("In the function: " + e.Message);
                }
            }

            private static string Names(FunctionHttpContext http) => string.Join(' ', http.RequestHeaders.Keys.Order());

            private static void Add(IDictionary<string, IReadOnlyList<string>> headers, string text)
            {
                var (name, value) = (text[..text.IndexOf(':')], text[(text.IndexOf(':') + 1)..]);
                headers[name] = headers.TryGetValue(name, out var before) ? [.. before, value] : [value];
            }
        }

        public sealed record SecretRequest(int Number, SecretPart? Part = null);
        public sealed record SecretPart(string Name);

        [Function("typed")]
        public sealed class Typed : IFunction<SecretRequest, int>
        {
            public ValueTask<int> InvokeAsync(SecretRequest request, FunctionContext context, CancellationToken token) => new(request.Number);
        }

        [Function("throws")]
        public sealed class Throws : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                throw new InvalidOperationException("for the caller", new InvalidOperationException("hunter2-inner"));
        }

        [Function("dies")]
        public sealed class Dies : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                Console.Error.WriteLine("hunter2-stderr");
                Environment.Exit(77);
                return default;
            }
        }

        [Function("streams")]
        public sealed class Streams : IStreamingFunction<JsonElement, int>
        {
            public async IAsyncEnumerable<int> InvokeAsync(JsonElement request, FunctionContext context, CancellationToken cancellationToken)
            {
                yield return 1;
                await Task.Yield();
                Console.Error.WriteLine("hunter2-stderr");
                Environment.Exit(77);
            }
        }
        """;

    /// <summary>Adds it to a host's folder.</summary>
    public static ContentRoot WithAnswers(this ContentRoot root, string name)
    {
        CompiledProject.Add(root, name, Source);
        return root;
    }
}
