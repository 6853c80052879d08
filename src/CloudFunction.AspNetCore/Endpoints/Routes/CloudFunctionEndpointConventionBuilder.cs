namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds conventions, such as <c>RequireAuthorization()</c> or <c>RequireRateLimiting(…)</c>, to the routes that
/// <c>MapCloudFunctions()</c> mapped: to all of them, or to one group alone.</summary>
public sealed class CloudFunctionEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _all;

    internal CloudFunctionEndpointConventionBuilder(
        IEndpointConventionBuilder all, IEndpointConventionBuilder invocation, IEndpointConventionBuilder management)
    {
        _all = all;
        Invocation = invocation;
        Management = management;
    }

    /// <summary>The routes that run functions: <c>…/invoke</c>.</summary>
    public IEndpointConventionBuilder Invocation { get; }

    /// <summary>The routes that show and change projects and the host. Whatever is added here comes on top of the management guard (ADMIN_KEY, or
    /// a direct local caller); it never replaces it.</summary>
    public IEndpointConventionBuilder Management { get; }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _all.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _all.Finally(finallyConvention);
}
