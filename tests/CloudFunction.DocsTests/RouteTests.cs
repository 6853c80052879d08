using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.DocsTests;

public sealed partial class RouteTests
{
    [Theory]
    [InlineData("docs/http-api.md")]
    [InlineData("docs/zh-CN/http-api.md")]
    public async Task Table_NamesEveryRouteAndNoOther(string page)
    {
        var documented = MarkdownPage.Read(page).Rows
            .SelectMany(row => Route().Matches(row[0]).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}"));

        Assert.Equal((await MappedAsync()).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    // Mapped but never started: nothing is listened on, and no worker runs.
    private static async Task<string[]> MappedAsync()
    {
        var contentRoot = Directory.CreateTempSubdirectory("cloudfunction-docs-");
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = contentRoot.FullName });
            builder.Services.AddCloudFunctions();
            await using var app = builder.Build();
            app.MapCloudFunctions();
            return
            [
                .. ((IEndpointRouteBuilder)app).DataSources
                    .SelectMany(source => source.Endpoints)
                    .OfType<RouteEndpoint>()
                    .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods
                        .Where(method => method != "HEAD")
                        .Select(method => $"{method} {endpoint.RoutePattern.RawText}") ?? []),
            ];
        }
        finally
        {
            contentRoot.Delete(recursive: true);
        }
    }

    [GeneratedRegex("`(GET|POST|PUT|DELETE) (/[^` ]*)`")]
    private static partial Regex Route();
}
