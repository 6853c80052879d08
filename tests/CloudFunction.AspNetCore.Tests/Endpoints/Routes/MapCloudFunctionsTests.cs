using System.Net;
using CloudFunction.AspNetCore.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Routes;

public sealed class MapCloudFunctionsTests
{
    private static readonly string[] PublicPatterns =
    [
        "/", "/health", "/health/live", "/health/ready", "/api/v1/functions/{project}/{function}/invoke", "/fn/{project}/{function}/{**path}",
        "/api/v1/projects/{**rest}", "/api/v1/functions/{**rest}",
    ];

    [Fact]
    public async Task Map_EveryEndpointThatIsNotPublic_IsGuarded()
    {
        await using var app = TestApp.Build();
        app.MapCloudFunctions();

        var guarded = 0;
        foreach (var endpoint in Endpoints(app).Where(static each => !IsPublic(each)))
        {
            // A caller without a socket can be nobody local; whatever answers this with anything else has no guard.
            var context = new DefaultHttpContext { RequestServices = app.Services };
            context.Request.Host = new HostString("localhost");
            await endpoint.RequestDelegate!(context);
            Assert.True(
                context.Response.StatusCode == StatusCodes.Status401Unauthorized, $"{endpoint.DisplayName} answered {context.Response.StatusCode}");
            Assert.NotNull(endpoint.Metadata.GetMetadata<ManagementRoute>());
            guarded++;
        }

        Assert.Equal(59, guarded);
    }

    [Fact]
    public async Task Map_EndpointAddedToTheManagementGroupsConventions_StaysGuarded()
    {
        await using var app = await TestApp.StartAsync(options => options.AdminKey = "k", routes: app =>
            app.MapCloudFunctions().Management.Add(endpoint => endpoint.RequestDelegate = context => context.Response.WriteAsync("open")));

        using var response = await app.Client.GetAsync("/api/v1/projects");

        await response.ShouldFailAsync(401, "AUTHENTICATION_ERROR");
    }

    [Fact]
    public async Task Map_BelowAGroup_AnswersThere()
    {
        await using var app = await TestApp.StartAsync(routes: static app => app.MapGroup("/fn-api").MapCloudFunctions());

        using var invoked = await app.Client.PostAsync("/fn-api" + TestApp.GreetPath, null);
        using var listed = await app.Client.GetAsync("/fn-api/api/v1/projects");
        using var elsewhere = await app.Client.PostAsync(TestApp.GreetPath, null);

        Assert.Equal(HttpStatusCode.OK, invoked.StatusCode);
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal("", await elsewhere.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Map_AppsOwnRoutes_AreLeftAlone()
    {
        await using var app = await TestApp.StartAsync(routes: static app =>
        {
            app.MapCloudFunctions();
            app.MapGet("/", () => "the app's own");
            app.MapGet("/health", () => "the app's own");
            app.MapGet("/api/v1/orders", () => "the app's own");
        });

        Assert.Equal("the app's own", await app.Client.GetStringAsync("/"));
        Assert.Equal("the app's own", await app.Client.GetStringAsync("/health"));
        Assert.Equal("the app's own", await app.Client.GetStringAsync("/api/v1/orders"));
        using var unknown = await app.Client.GetAsync("/api/v1/unknown");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("", await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Map_Conventions_ReachTheirGroup()
    {
        await using var app = TestApp.Build();
        var builder = app.MapCloudFunctions();
        builder.WithMetadata("all");
        builder.Invocation.WithMetadata("invocation");
        builder.Management.WithMetadata("management");

        foreach (var endpoint in Endpoints(app))
        {
            var pattern = endpoint.RoutePattern.RawText!;
            var expected = pattern.EndsWith("/invoke", StringComparison.Ordinal) || pattern.StartsWith("/fn/", StringComparison.Ordinal)
                ? "all,invocation"
                : IsPublic(endpoint) ? "all"
                : "all,management";
            Assert.Equal(expected, string.Join(',', endpoint.Metadata.OfType<string>().Order()));
        }
    }

    [Fact]
    public async Task Map_WithoutAddCloudFunctions_SaysWhatToCall()
    {
        await using var app = WebApplication.CreateBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapCloudFunctions());

        Assert.Contains("AddCloudFunctions()", exception.Message, StringComparison.Ordinal);
    }

    // A task is read by whoever knows its id, and cancelled by the management alone, on one pattern.
    private static bool IsPublic(RouteEndpoint endpoint) =>
        PublicPatterns.Contains(endpoint.RoutePattern.RawText)
        || (endpoint.RoutePattern.RawText!.EndsWith("/tasks/{id}", StringComparison.Ordinal)
            && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("DELETE") != true);

    private static IEnumerable<RouteEndpoint> Endpoints(IEndpointRouteBuilder app) =>
        app.DataSources.SelectMany(static source => source.Endpoints).Cast<RouteEndpoint>();
}
