using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints.Routes;

/// <summary>Maps routes as plain delegates, each with a 405 of the contract's for all other methods.</summary>
internal static class ApiRoutes
{
    public static void MapApiGet(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, int order = 0) =>
        routes.MapApi(pattern, order, (HttpMethods.Get, handler));

    public static IEndpointConventionBuilder MapApiPost(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapApi(pattern, (HttpMethods.Post, handler));

    public static IEndpointConventionBuilder MapApiPut(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapApi(pattern, (HttpMethods.Put, handler));

    /// <summary>Maps all methods of one pattern. What is returned is of those alone, not of the 405.</summary>
    public static IEndpointConventionBuilder MapApi(
        this IEndpointRouteBuilder routes, string pattern, params ReadOnlySpan<(string Method, RequestDelegate Handler)> handlers) =>
        routes.MapApi(pattern, order: 0, handlers);

    /// <summary>Maps a pattern that is one case of another: what it does not take goes to the other, its 405 included.</summary>
    public static IEndpointConventionBuilder MapSpecialPost(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        MapMethod(routes, pattern, HttpMethods.Post, handler, order: 0);

    /// <summary>Maps one of the methods of a pattern that stand in different groups; a 405 for all others is mapped beside them.</summary>
    public static void MapApiMethod(this IEndpointRouteBuilder routes, string pattern, string method, RequestDelegate handler) =>
        MapMethod(routes, pattern, method, handler, order: 0);

    /// <summary>Answers what none of these methods takes.</summary>
    public static void MapNotAllowed(this IEndpointRouteBuilder routes, string pattern, params ReadOnlySpan<string> methods)
    {
        var allowed = new List<string>();
        foreach (var method in methods)
        {
            allowed.AddRange(MethodsOf(method));
        }

        MapRest(routes, pattern, allowed, order: 0);
    }

    private static RouteGroupBuilder MapApi(
        this IEndpointRouteBuilder routes, string pattern, int order, params ReadOnlySpan<(string Method, RequestDelegate Handler)> handlers)
    {
        var allowed = new List<string>();
        var group = routes.MapGroup("");
        foreach (var (method, handler) in handlers)
        {
            allowed.AddRange(MethodsOf(method));
            MapMethod(group, pattern, method, handler, order);
        }

        MapRest(routes, pattern, allowed, order);
        return group;
    }

    private static void MapRest(IEndpointRouteBuilder routes, string pattern, List<string> allowed, int order)
    {
        var allow = string.Join(", ", allowed);
        routes.Map(pattern, context => ApiErrorResponse.WriteAsync(context, ApiError.MethodNotAllowed(context.Request.Method, allow)))
            .WithDisplayName($"405 {pattern}")
            .WithOrder(order);
    }

    private static IEndpointConventionBuilder MapMethod(
        IEndpointRouteBuilder routes, string pattern, string method, RequestDelegate handler, int order) =>
        routes.MapMethods(pattern, MethodsOf(method), handler)
            .WithDisplayName($"{method} {pattern}")
            .WithOrder(order);

    // RFC 9110, section 9.1: every server supports GET and HEAD; load balancers ask for a health check by HEAD.
    private static string[] MethodsOf(string method) => method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method];

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
