using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CloudFunction.PackageTests;

/// <summary>An app that was there before, with endpoints and authentication of its own, and takes functions in by two lines.</summary>
[Collection(PackedOnce.Name)]
public sealed class ExistingAppTests(PackedPackages packages)
{
    private const string Program = """
        using System.Security.Claims;
        using System.Text.Encodings.Web;
        using Microsoft.AspNetCore.Authentication;
        using Microsoft.Extensions.Options;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddAuthentication("token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("token", null);
        builder.Services.AddAuthorization();
        builder.Services.AddCloudFunctions();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", () => "The app's own page.");
        app.MapGet("/me", (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
        app.MapCloudFunctions().RequireAuthorization();
        app.Run();

        sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
            : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
        {
            protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
                Task.FromResult(Request.Headers.Authorization == "Bearer of-the-app"
                    ? AuthenticateResult.Success(new AuthenticationTicket(
                        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "token")), "token"))
                    : AuthenticateResult.NoResult());
        }
        """;

    [Fact]
    public async Task App_WithTwoLinesMore_ServesFunctionsBehindItsOwnAuthentication()
    {
        var folder = packages.NewFolder("existing");
        Files.Write(folder, "App/App.csproj", Files.HostProject);
        Files.Write(folder, "App/Program.cs", Program);
        Files.Write(folder, "projects/greetings/Greet.cs", Files.GreetFunction); // The content root is where it is started.
        await Dotnet.RunAsync(Path.Combine(folder, "App"), packages.Environment, "build", "-nologo", "-warnaserror");
        // The app's server is the app's to configure.
        var environment = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        var (app, address) = await RunningHost.StartAsync(
            environment, "dotnet", folder, Path.Combine(folder, "App", "bin", "Debug", "net10.0", "App.dll"));
        await using (app)
        {
            using var client = RunningHost.NewClient();
            var invoke = new Uri(address, "/api/v1/functions/greetings/greet/invoke");
            Assert.Equal("The app's own page.", await client.GetStringAsync(address));
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(address, "/me"))).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsJsonAsync(invoke, new { name = "Ada" })).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(address, "/api/v1/projects"))).StatusCode);

            client.DefaultRequestHeaders.Authorization = new("Bearer", "of-the-app");
            Assert.Equal("ada", await client.GetStringAsync(new Uri(address, "/me")));
            var answer = await (await client.PostAsJsonAsync(invoke, new { name = "Ada" })).Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(answer.TryGetProperty("result", out var result), answer.ToString());
            Assert.Equal("Hello, Ada!", result.GetProperty("message").GetString());
            Assert.NotEqual(app.Pid, result.GetProperty("processId").GetInt32());
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(address, "/api/v1/projects"))).StatusCode);
        }
    }
}
