using Microsoft.AspNetCore.Http.Metadata;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Has routing set the server's limit of the body for one endpoint, in place of the server's own.</summary>
/// <param name="bytes">How large what the caller sends may be.</param>
/// <param name="setting">The setting that it comes from; null where it is fixed.</param>
/// <param name="framing">How much a form may add around it.</param>
internal sealed class MaxRequestSize(long bytes, string? setting = null, long framing = 0) : IRequestSizeLimitMetadata
{
    public long Bytes { get; } = bytes;

    public string? Setting { get; } = setting;

    public long? MaxRequestBodySize { get; } = bytes + framing;
}
