using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>Maps routes as plain delegates, each with a 405 of the contract's for all other methods.</summary>
internal static class ApiRoutes
{
    // RFC 9110, section 9.1: every server supports GET and HEAD; load balancers ask for a health check by HEAD.
    private static readonly string[] Get = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Post = [HttpMethods.Post];

    public static void MapApiGet(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, int order = 0) =>
        Map(routes, pattern, Get, handler, order);

    public static IEndpointConventionBuilder MapApiPost(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        Map(routes, pattern, Post, handler, order: 0);

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string pattern, string[] methods, RequestDelegate handler, int order)
    {
        var allow = string.Join(", ", methods);
        routes.Map(pattern, context => ApiErrorResponse.WriteAsync(context, ApiError.MethodNotAllowed(context.Request.Method, allow)))
            .WithDisplayName($"405 {pattern}")
            .WithOrder(order);
        return routes.MapMethods(pattern, methods, handler)
            .WithDisplayName($"{methods[0]} {pattern}")
            .WithOrder(order);
    }

    private static TBuilder WithOrder<TBuilder>(this TBuilder builder, int order)
        where TBuilder : IEndpointConventionBuilder
    {
        if (order != 0)
        {
            builder.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = order);
        }

        return builder;
    }
}
