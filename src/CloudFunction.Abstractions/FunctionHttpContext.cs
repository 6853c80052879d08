namespace CloudFunction;

/// <summary>The HTTP request and response of one invocation of an <see cref="IHttpFunction"/>. Not thread safe.</summary>
public abstract class FunctionHttpContext
{
    /// <summary>The request's method in upper case, such as <c>GET</c>.</summary>
    public abstract string Method { get; }

    /// <summary>The path below the function's own route, beginning with <c>/</c>, decoded once: <c>a%20b</c> is <c>a b</c>, <c>a%2Fb</c> is
    /// <c>a/b</c>, and <c>a%252Fb</c> is <c>a%2Fb</c>.</summary>
    public abstract string Path { get; }

    /// <summary>The raw query with its leading <c>?</c>, or the empty string.</summary>
    public abstract string QueryString { get; }

    /// <summary>The request's headers; names are compared without regard to case.</summary>
    public abstract IReadOnlyDictionary<string, IReadOnlyList<string>> RequestHeaders { get; }

    /// <summary>The request's body, read as it arrives.</summary>
    public abstract Stream RequestBody { get; }

    /// <summary>The response's status, 200 unless set. It cannot change once the response has started.</summary>
    /// <exception cref="InvalidOperationException">Set after the response has started.</exception>
    public abstract int StatusCode { get; set; }

    /// <summary>The response's headers, sent with the first byte of the body.</summary>
    public abstract IDictionary<string, IReadOnlyList<string>> ResponseHeaders { get; }

    /// <summary>What follows the response's body, on protocols that have trailers (HTTP/2 and later); on others it is left out.</summary>
    public abstract IDictionary<string, IReadOnlyList<string>> ResponseTrailers { get; }

    /// <summary>The response's body. The first write starts the response; a write waits while the client has no room.</summary>
    public abstract Stream ResponseBody { get; }
}
