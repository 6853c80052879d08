using System.Net;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Environments that are changed while projects serve.</summary>
public sealed class EnvironmentTests
{
    [SkippableFact]
    public async Task PutEnv_SwapsTheWorkersWithoutANewVersion()
    {
        using var root = new ContentRoot().WithShop("shop", 1, "# The shop's", "GREETING=Hello", "OLD=1");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        Assert.Equal("Hello", await ReadAsync(host, "shop", "GREETING"));

        var answer = await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/env", """{"GREETING":"Good day","OLD":null,"NEW":"a b"}""");

        Assert.Equal(["GREETING", "NEW"], answer.Ok.GetProperty("data").EnumerateObject().Select(each => each.Name));
        Assert.DoesNotContain("Good day", answer.Text, StringComparison.Ordinal);
        Assert.Equal("Good day", await ReadAsync(host, "shop", "GREETING"));
        Assert.Equal("a b", await ReadAsync(host, "shop", "NEW"));
        Assert.Null(await ReadAsync(host, "shop", "OLD"));
        Assert.StartsWith("# The shop's\n", await File.ReadAllTextAsync(Path.Combine(root.Folder("shop"), ".env")), StringComparison.Ordinal);
        Assert.Single(await host.VersionsAsync("shop"));
        await host.WaitForWorkersAsync("shop", 1);
    }

    [SkippableFact]
    public async Task PutEnv_ThatKeepsTheProjectFromLoading_IsUndone()
    {
        using var root = new ContentRoot().WithShop("shop", 1, "GREETING=Hello");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        var worker = (await host.InvokeAsync("shop", "pid")).Result.GetInt32();

        var failed = await host.SendAsync(
            HttpMethod.Put, "/api/v1/projects/shop/env", """{"FAIL_STARTUP":"The shop is closed.","GREETING":"Good day"}""");
        var wrong = await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/env", """{"NOT A NAME":"secret-value"}""");

        Assert.Contains("The shop is closed.", failed.AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS"));
        Assert.Contains("NOT A NAME", wrong.AssertError(HttpStatusCode.UnprocessableEntity, "ENV_ERROR"));
        Assert.DoesNotContain("secret-value", wrong.Text, StringComparison.Ordinal);
        Assert.Equal("GREETING=Hello\n", await File.ReadAllTextAsync(Path.Combine(root.Folder("shop"), ".env")));
        Assert.Equal("Hello", await ReadAsync(host, "shop", "GREETING"));
        Assert.Equal(worker, (await host.InvokeAsync("shop", "pid")).Result.GetInt32());
    }

    [SkippableFact]
    public async Task PutEnvSystem_ReachesAllProjectsAndNamesSettingsThatWait()
    {
        using var root = new ContentRoot().WithShop("one", 1).WithShop("two", 2, "OWN=project");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("one", 1);
        await host.WaitForVersionAsync("two", 2);

        var answer = await host.SendAsync(HttpMethod.Put, "/api/v1/env/system", """{"COMMON":"all","OWN":"system","MAX_QUEUE":"7"}""");

        Assert.Equal(["MAX_QUEUE"], answer.Ok.GetProperty("restart_required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("all", await ReadAsync(host, "one", "COMMON"));
        Assert.Equal("all", await ReadAsync(host, "two", "COMMON"));
        Assert.Equal("system", await ReadAsync(host, "one", "OWN"));
        Assert.Equal("project", await ReadAsync(host, "two", "OWN"));

        var refused = await host.SendAsync(HttpMethod.Put, "/api/v1/env/system", """{"MAX_QUEUE":"many","COMMON":"none"}""");
        Assert.Contains("MAX_QUEUE", refused.AssertError(HttpStatusCode.UnprocessableEntity, "ENV_ERROR"));
        Assert.Equal("all", await ReadAsync(host, "one", "COMMON"));
        Assert.DoesNotContain("many", await File.ReadAllTextAsync(Path.Combine(root.Root, ".env")), StringComparison.Ordinal);
    }

    private static async Task<string?> ReadAsync(HostProcess host, string project, string name) =>
        (await host.InvokeAsync(project, "env", JsonSerializer.Serialize(name))).Result.GetString();
}
