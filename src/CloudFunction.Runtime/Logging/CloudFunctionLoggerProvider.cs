using CloudFunction.Runtime.Logging.Routing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging;

/// <summary>Takes what the host and its app log with Microsoft.Extensions.Logging to the pipeline.</summary>
[ProviderAlias("CloudFunction")]
internal sealed class CloudFunctionLoggerProvider(LogPipeline pipeline, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    public ILogger CreateLogger(string categoryName) =>
        new CloudFunctionLogger(new RouteCache(pipeline, categoryName), pipeline, time, () => _scopes);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // The pipeline goes on for what comes from elsewhere; the host's services dispose of it.
    }
}
