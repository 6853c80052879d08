using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Projects and functions that are deleted.</summary>
public sealed class DeleteTests
{
    [SkippableFact]
    public async Task Delete_WithACallInFlight_LetsItFinishAndKeepsFolderDataAndLogs()
    {
        using var root = new ContentRoot().With("hello", "hello").WithShop("shop", 1).WithLogging(null);
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 1);
        await host.WaitForVersionAsync("shop", 1);
        await host.UploadAsync("shop", ShopProject.Version(2));
        var call = host.InvokeAsync("shop", "hold", "\"a\"");
        var worker = await root.WaitForNumberAsync("shop", "a.started");

        var delete = host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop");
        await Eventually.BecomesAsync(
            async () => (await host.InvokeAsync("shop", "version")).Status == HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(20), () => Task.FromResult($"Calls still come in. {host.Output}"));
        Assert.False(delete.IsCompleted, "It was deleted with a call in flight.");
        root.Release("shop", "a");

        Assert.Equal(2, (await call).Result.GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await delete).Status);
        (await host.InvokeAsync("shop", "version")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
        (await host.SendAsync(HttpMethod.Get, "/api/v1/projects/shop")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
        (await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
        Assert.DoesNotContain(worker, await host.WorkersAsync());
        Assert.False(Directory.Exists(root.Folder("shop")), "The folder is still there.");
        var trash = Assert.Single(Directory.GetDirectories(Path.Combine(root.DataDirectory, "trash")));
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Combine(trash, "number.txt")));
        Assert.True(File.Exists(root.Marker("shop", "a.started")), "The project's data is gone.");
        Assert.True(Directory.Exists(root.LogDirectory("shop")), "The project's logs are gone.");

        // The name is free again, and nothing of the old project is left.
        Assert.Equal(1, await host.UploadAsync("shop", ShopProject.Version(3)));
        Assert.Equal(3, await host.VersionAsync("shop"));
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Delete_FolderCannotBeMoved_ChangesNothing()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        await File.WriteAllTextAsync(Path.Combine(root.DataDirectory, "trash"), "no folder");

        var answer = await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop");
        Assert.Contains("DATA_DIR/trash", answer.AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED"), StringComparison.Ordinal);

        Assert.Equal(1, await host.VersionAsync("shop"));
        Assert.True(Directory.Exists(root.Folder("shop")), "The folder is gone.");
    }

    [SkippableFact]
    public async Task Upload_ThatFailsUnderTheNameOfAProjectThatIsGone_LeavesItsVersions()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        Directory.Move(root.Folder("shop"), Path.Combine(root.Root, "elsewhere"));
        await Eventually.BecomesAsync(
            async () => (await host.InvokeAsync("shop", "version")).Status == HttpStatusCode.NotFound,
            TimeSpan.FromSeconds(20), () => Task.FromResult($"The project is still there. {host.Output}"));

        using var broken = new ByteArrayContent("no archive"u8.ToArray());
        broken.Headers.ContentType = new("application/zip");
        using var answer = await host.Client.PostAsync(new Uri("/api/v1/projects/shop/deploy", UriKind.Relative), broken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Directory.Move(Path.Combine(root.Root, "elsewhere"), root.Folder("shop"));

        await host.WaitForVersionAsync("shop", 1);
        Assert.Equal(1, (await host.ProjectAsync("shop")).GetProperty("version").GetInt32());
    }

    [SkippableFact]
    public async Task DeleteFunction_WithoutAFileOfItsOwn_IsDisabledAlsoAfterARestartUntilItIsDeployed()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.WaitForVersionAsync("shop", 1);
            Assert.Equal("disabled", (await first.SendAsync(HttpMethod.Delete, "/api/v1/functions/shop/pid")).Ok.GetProperty("function")
                .GetProperty("status")
                .GetString());
            (await first.InvokeAsync("shop", "pid")).AssertError(HttpStatusCode.Conflict, "CONFLICT");
            Assert.Equal(1, await first.VersionAsync("shop"));
            await first.StopAsync();
        }

        await using var second = await HostProcess.StartAsync(root);
        await second.WaitForVersionAsync("shop", 1);
        (await second.InvokeAsync("shop", "pid")).AssertError(HttpStatusCode.Conflict, "CONFLICT");
        Assert.Equal(
            "disabled",
            (await second.SendAsync(HttpMethod.Get, "/api/v1/functions/shop/pid")).Ok.GetProperty("function").GetProperty("status").GetString());

        Assert.Equal("active", (await second.SendAsync(HttpMethod.Post, "/api/v1/functions/shop/pid/deploy")).Ok.GetProperty("function")
            .GetProperty("status")
            .GetString());
        Assert.Equal(HttpStatusCode.OK, (await second.InvokeAsync("shop", "pid")).Status);
    }
}
