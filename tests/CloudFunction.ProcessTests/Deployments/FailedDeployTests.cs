using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>What is said of deploys that fail, and what is left of them.</summary>
public sealed class FailedDeployTests
{
    private const string Startup = """
        public sealed class Startup : IFunctionStartup
        {
            public void ConfigureServices(
                Microsoft.Extensions.DependencyInjection.IServiceCollection services,
                Microsoft.Extensions.Configuration.IConfiguration configuration)
            {
                Console.Error.WriteLine("The till is empty.");
                ACTION
            }
        }
        """;

    [SkippableFact]
    public async Task Upload_StartupThrows_AnswersWithTheExceptionAndStandardError()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);

        var answer = await host.UploadAsync("shop", Failing("throw new InvalidOperationException(\"The shop is closed.\");"));

        Assert.Contains("The shop is closed.", answer.AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS"));
        var details = answer.Json.GetProperty("details");
        Assert.Contains("System.InvalidOperationException", details.GetProperty("exception").GetString());
        Assert.Contains("The shop is closed.", details.GetProperty("exception").GetString());
        Assert.Contains("The till is empty.", details.GetProperty("stderr").GetString());
        await AssertUntouchedAsync(root, host);
        Assert.Contains("The shop is closed.", (await host.ProjectAsync("shop")).GetProperty("last_error").GetString());
    }

    [SkippableFact]
    public async Task Upload_ExitsWhileItLoads_AnswersWithTheExitCodeAndStandardError()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);

        var answer = await host.UploadAsync("shop", Failing("Environment.Exit(7);"));

        answer.AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS");
        var details = answer.Json.GetProperty("details");
        Assert.Equal(7, details.GetProperty("exit_code").GetInt32());
        Assert.Contains("The till is empty.", details.GetProperty("stderr").GetString());
        await AssertUntouchedAsync(root, host);
    }

    [SkippableFact]
    public async Task Upload_OfANewProjectThatFails_LeavesNoProject()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);

        (await host.UploadAsync("shop", Failing("throw new InvalidOperationException();"))).AssertError(
            HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS");

        (await host.SendAsync(HttpMethod.Get, "/api/v1/projects/shop")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
        (await host.InvokeAsync("shop", "fine")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
        Assert.Equal(["hello"], Directory.GetFileSystemEntries(root.ProjectsDirectory).Select(Path.GetFileName));
        Assert.False(Directory.Exists(Path.Combine(root.Root, "deployments", "shop")), "Something of it was kept.");

        Assert.Equal(1, await host.UploadAsync("shop", ShopProject.Version(1)));
        Assert.Equal(1, await host.VersionAsync("shop"));
    }

    private static byte[] Failing(string action) => ShopProject.Zip(ShopProject.Files(
        CompiledProject.Function("Fine", "fine") + Startup.Replace("ACTION", action, StringComparison.Ordinal)));

    private static async Task AssertUntouchedAsync(ContentRoot root, HostProcess host)
    {
        Assert.Equal(1, await host.VersionAsync("shop"));
        Assert.Single(await host.VersionsAsync("shop"));
        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(root.Folder("shop"), "number.txt")));
        Assert.Equal(["shop"], Directory.GetFileSystemEntries(root.ProjectsDirectory).Select(Path.GetFileName));
    }
}
