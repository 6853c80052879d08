using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>What callers notice of deploys, good ones and bad ones: nothing but the new version.</summary>
public sealed class DeployUnderLoadTests
{
    private const int Deploys = 50;

    private static readonly (IReadOnlyDictionary<string, byte[]> Files, string Reason)[] Broken =
    [
        (ShopProject.Files("public sealed class Nothing;"), "function"),
        (ShopProject.Files(CompiledProject.Function("One", "same") + CompiledProject.Function("Two", "same")), "same"),
        (new Dictionary<string, byte[]>(ShopProject.Version(9)) { ["Shop.dll"] = new byte[5000] }, "Shop"),
        (new Dictionary<string, byte[]>(ShopProject.Version(9).Where(file => file.Key != "Shop.dll")), "Shop"),
        (ShopProject.Files(CompiledProject.Function("Fine", "fine") + """
            public sealed class Startup : IFunctionStartup
            {
                public void ConfigureServices(
                    Microsoft.Extensions.DependencyInjection.IServiceCollection services,
                    Microsoft.Extensions.Configuration.IConfiguration configuration) =>
                    throw new NotSupportedException("The shop is closed.");
            }
            """), "The shop is closed."),
    ];

    private int[] _allowed = [1];

    [SkippableFact]
    public async Task Deploy_AgainAndAgainUnderSteadyLoad_FailsNoCallAndEachAnswerIsWhollyOldOrNew()
    {
        using var root = new ContentRoot().With("hello", "hello").WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"), ("MAX_QUEUE", "1000"));
        await host.WaitForStatusAsync("shop", "running");
        await using var second = new BackgroundLoad(host, "hello", 1);
        await using var load = new BackgroundLoad(32, name => CallAsync(host));
        await load.AfterCallsAsync(100);

        var serving = 1;
        for (int deploy = 0, broken = 0; deploy < Deploys; deploy++)
        {
            if (deploy % 5 is 1 or 3)
            {
                var (files, reason) = Broken[broken++ % Broken.Length];
                var answer = await DeployAsync(root, host, files, isUpload: broken % 2 == 0);
                Assert.Contains(reason, answer.AssertError(HttpStatusCode.UnprocessableEntity, answer.Json.GetProperty("code").GetString()!));
                Assert.Equal(serving, await host.VersionAsync("shop"));
            }
            else
            {
                var next = 3 - serving;
                Volatile.Write(ref _allowed, [serving, next]);
                Assert.NotEqual(
                    0, (await DeployAsync(root, host, ShopProject.Version(next), isUpload: deploy % 2 == 0)).Ok.GetProperty("version").GetInt32());
                Volatile.Write(ref _allowed, [next]);
                serving = next;
            }

            await load.AfterCallsAsync(20);
        }

        await load.AssertNoFailureAsync();
        await second.AssertNoFailureAsync();
        await host.WaitForWorkersAsync("shop", 1);
        Assert.Empty(Directory.GetDirectories(root.ProjectsDirectory, ".*"));
    }

    // What a call may say is decided by what was allowed when it began and when it was answered: once a deploy is answered, all is new.
    private async Task<string?> CallAsync(HostProcess host)
    {
        var before = Volatile.Read(ref _allowed);
        var answer = await host.InvokeAsync("shop", "version");
        int[] allowed = [.. before, .. Volatile.Read(ref _allowed)];
        return answer.Status == HttpStatusCode.OK && allowed.Contains(answer.Result.GetInt32())
            ? null
            : $"{answer}, not one of {string.Join(", ", allowed)}";
    }

    private static Task<Answer> DeployAsync(ContentRoot root, HostProcess host, IReadOnlyDictionary<string, byte[]> files, bool isUpload)
    {
        if (isUpload)
        {
            return host.UploadAsync("shop", ShopProject.Zip(files));
        }

        ShopProject.Write(root.Folder("shop"), files);
        return host.DeployAsync("shop");
    }
}
