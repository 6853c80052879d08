using System.Net;

namespace CloudFunction.Llm;

/// <summary>A provider did not answer, refused, reported an error, broke off, or answered with something other than a chat completion. What can
/// be tried again has been by then. The message has the model and the reason as the provider gave it, shortened, and never the key.</summary>
public sealed class LlmRequestException : LlmException
{
    internal LlmRequestException(string provider, HttpStatusCode? statusCode, string message, Exception? innerException)
        : base(message, innerException)
    {
        Provider = provider;
        StatusCode = statusCode;
    }

    /// <summary>The provider's name.</summary>
    public string Provider { get; }

    /// <summary>The answer's status, or <see langword="null"/> where there was none or it is a good one (2xx).</summary>
    public HttpStatusCode? StatusCode { get; }
}
