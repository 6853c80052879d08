using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>What an operator asks of a host.</summary>
internal static class Operations
{
    /// <summary>Deploys a project's folder.</summary>
    public static Task<Answer> DeployAsync(this HostProcess host, string project) =>
        host.SendAsync(HttpMethod.Post, $"/api/v1/projects/{project}/deploy");

    /// <summary>Deploys an archive.</summary>
    public static async Task<Answer> UploadAsync(this HostProcess host, string project, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await Answer.OfAsync(await host.Client.PostAsync(new Uri($"/api/v1/projects/{project}/deploy", UriKind.Relative), content));
    }

    /// <summary>Deploys an archive of those files, which must serve.</summary>
    /// <returns>The version's number.</returns>
    public static async Task<int> UploadAsync(this HostProcess host, string project, IReadOnlyDictionary<string, byte[]> files) =>
        (await host.UploadAsync(project, ShopProject.Zip(files))).Ok.GetProperty("version").GetInt32();

    /// <summary>Sends a request, with JSON if any.</summary>
    public static async Task<Answer> SendAsync(this HostProcess host, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await Answer.OfAsync(await host.Client.SendAsync(request));
    }

    /// <summary>The versions of a project, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> VersionsAsync(this HostProcess host, string project) =>
        [.. (await host.SendAsync(HttpMethod.Get, $"/api/v1/projects/{project}/versions")).Ok.GetProperty("versions").EnumerateArray()];

    /// <summary>What the function <c>version</c> of a <see cref="ShopProject"/> says.</summary>
    public static async Task<int> VersionAsync(this HostProcess host, string project) =>
        (await host.InvokeAsync(project, "version")).Result.GetInt32();

    /// <summary>Waits until a <see cref="ShopProject"/> says that number.</summary>
    public static Task WaitForVersionAsync(this HostProcess host, string project, int number, double seconds = 30)
    {
        Answer? last = null;
        return Eventually.BecomesAsync(
            async () => (last = await host.InvokeAsync(project, "version")) is { Status: HttpStatusCode.OK } answer
                && answer.Result.GetInt32() == number,
            TimeSpan.FromSeconds(seconds),
            () => Task.FromResult($"The project {project} does not come to say {number}, but {last}. {host.Output}"));
    }

    /// <summary>Waits until a project has an error with that text.</summary>
    public static async Task WaitForErrorAsync(this HostProcess host, string project, string text, double seconds = 30)
    {
        string? last = null;
        await Eventually.BecomesAsync(
            async () => (last = (await host.ProjectAsync(project)).GetProperty("last_error").GetString())?.Contains(text, StringComparison.Ordinal)
                ?? false,
            TimeSpan.FromSeconds(seconds),
            () => Task.FromResult($"The project {project} does not come to say '{text}', but {last}. {host.Output}"));
    }

    /// <summary>Waits until as many workers of a project are left.</summary>
    public static Task WaitForWorkersAsync(this HostProcess host, string project, int count, double seconds = 20)
    {
        JsonElement last = default;
        return Eventually.BecomesAsync(
            async () => (last = (await host.ProjectAsync(project)).GetProperty("workers")).GetArrayLength() == count,
            TimeSpan.FromSeconds(seconds),
            () => Task.FromResult($"The project {project} does not come to have {count} workers, but {last}. {host.Output}"));
    }
}
