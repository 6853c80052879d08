using Microsoft.AspNetCore.Http.Metadata;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>Tells routing to set the server's limit of the body for one endpoint.</summary>
internal sealed class MaxRequestSize(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize { get; } = bytes;
}
