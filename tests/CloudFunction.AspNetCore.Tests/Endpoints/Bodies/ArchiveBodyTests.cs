using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

public sealed class ArchiveBodyTests
{
    private const string Path = "/api/v1/projects/hello/deploy";
    private const string FormType = "multipart/form-data; boundary=b";

    private static byte[] Archive => [.. Enumerable.Range(0, 300_000).Select(static number => (byte)(number * 7))];

    [Theory]
    [InlineData("application/zip", false)]
    [InlineData("application/x-zip-compressed", true)]
    [InlineData("Application/Octet-Stream; x=y", true)]
    public async Task Deploy_Archive_ReachesTheOperationByteForByte(string type, bool chunked)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, new ByteArrayContent(Archive), type, chunked);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["upload hello"], app.Operations.Acts);
        Assert.Equal(Archive, app.Operations.Archive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deploy_Form_ItsFileReachesTheOperationByteForByte(bool chunked)
    {
        await using var app = await TestApp.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Archive), "file", "hello.zip" } };

        using var response = await SendAsync(app, form, null, chunked);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Archive, app.Operations.Archive);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("application/json", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    public async Task Deploy_NoBody_IsTheFolder(string? type, bool chunked)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, new ByteArrayContent([]), type, chunked);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["deploy hello"], app.Operations.Acts);
    }

    [Fact]
    public async Task Deploy_EmptyArchive_IsNotTheFolder()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, new ByteArrayContent([]), "application/zip");

        Assert.Equal(["upload hello"], app.Operations.Acts);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("application/json", false)]
    [InlineData("application/gzip", false)]
    [InlineData("multipart/mixed; boundary=b", false)]
    [InlineData("zip", false)]
    public async Task Deploy_AnotherMediaType_Is415(string? type, bool chunked)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, new ByteArrayContent(Archive), type, chunked);

        Assert.Equal("Content-Type", (await response.ShouldFailAsync(415, "INVALID_PARAMETERS")).Field());
        Assert.Empty(app.Operations.Acts);
    }

    [Fact]
    public async Task Deploy_CompressedOnTheWay_Is415()
    {
        await using var app = await TestApp.StartAsync();
        var content = new ByteArrayContent(Archive);
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await SendAsync(app, content, "application/zip");

        Assert.Equal("Content-Encoding", (await response.ShouldFailAsync(415, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData("multipart/form-data", "x", "Content-Type")]
    [InlineData("multipart/form-data; boundary=", "x", "Content-Type")]
    [InlineData("multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x", "x", "Content-Type")]
    [InlineData(FormType, "", "body")]
    [InlineData(FormType, "no form at all", "body")]
    [InlineData(FormType, "--b--\r\n", "file")]
    [InlineData(FormType, "--b\r\n\r\nx\r\n--b--\r\n", "body")]
    [InlineData(FormType, "--b\r\nno header\r\n\r\nx\r\n--b--\r\n", "body")]
    [InlineData(FormType, "--b\r\nContent-Disposition: attachment; name=file\r\n\r\nx\r\n--b--\r\n", "body")]
    [InlineData(FormType, "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", "")]
    [InlineData(FormType, "--b\r\nContent-Disposition: form-data; name=archive\r\n\r\nx\r\n--b--\r\n", "archive")]
    [InlineData(FormType, "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx", "body")]
    [InlineData(
        FormType,
        "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b--\r\n",
        "file")]
    [InlineData(
        FormType,
        "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=more\r\n\r\nx\r\n--b--\r\n",
        "more")]
    public async Task Deploy_BrokenForm_Is400AndNothingIsDeployed(string type, string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await app.Client.PostAsync(Path, content);

        Assert.Equal(field, (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
        Assert.Empty(app.Operations.Acts);
        Assert.Empty(app.Log.Lines);
    }

    [Fact]
    public async Task Deploy_FormWithAnEndlessHeader_Is400()
    {
        await using var app = await TestApp.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("--b\r\nX: " + new string('x', 100_000)));

        using var response = await SendAsync(app, content, FormType);

        Assert.Equal("body", (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData("application/zip", false)]
    [InlineData("application/zip", true)]
    [InlineData(FormType, false)]
    [InlineData(FormType, true)]
    public async Task Deploy_LargerThanTheLimit_Is413ThatNamesTheSetting(string type, bool chunked)
    {
        await using var app = await TestApp.StartAsync(static options => (options.MaxUploadBytes, options.MaxRequestBytes) = (1024, 1024));

        var head = type == FormType ? "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n" : "";
        using var response = await SendAsync(app, new ByteArrayContent([.. Encoding.UTF8.GetBytes(head), .. new byte[200_000]]), type, chunked);

        Assert.Equal("body", (await response.ShouldFailAsync(413, "INVALID_PARAMETERS")).Field());
        Assert.Contains("1024 bytes (MAX_UPLOAD_BYTES)", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(app.Operations.Acts);
    }

    [Fact]
    public async Task Deploy_LargerThanAnInvocationMayBe_IsTaken()
    {
        await using var app = await TestApp.StartAsync(static options => options.MaxRequestBytes = 1024, builder =>
            Microsoft.AspNetCore.Builder.CloudFunctionServerBuilderExtensions.AddCloudFunctionServer(builder));

        using var response = await SendAsync(app, new ByteArrayContent(Archive), "application/zip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Deploy_OperationFindsItTooLarge_Is413()
    {
        await using var app = await TestApp.StartAsync();
        app.Operations.MaxArchiveBytes = 1000;
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Archive), "file", "hello.zip" } };

        using var response = await SendAsync(app, form, null);

        Assert.Equal("body", (await response.ShouldFailAsync(413, "INVALID_PARAMETERS")).Field());
    }

    /// <summary>Nothing may take the part that has come for the whole archive.</summary>
    [Theory]
    [InlineData("application/zip", "Content-Length: 100000", "half")]
    [InlineData(FormType, "Content-Length: 100000", "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nhalf")]
    [InlineData(FormType, "Transfer-Encoding: chunked", "35\r\n--b\r\nContent-Disposition: form-data; name=file\r\n\r\nhalf")]
    public async Task Deploy_ClientGoneInTheMiddle_DeploysNothing(string type, string length, string part)
    {
        await using var app = await TestApp.StartAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port);
            await client.GetStream()
                .WriteAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{length}\r\n\r\n{part}"));
            await app.Operations.Receiving.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        var reading = await app.Operations.Receiving.Task;
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(reading.IsCompleted, "The reading did not end within 30 s.");
        await app.App.StopAsync();
        Assert.Empty(app.Operations.Acts);
        Assert.Empty(app.Log.Lines);
    }

    private static Task<HttpResponseMessage> SendAsync(TestApp app, HttpContent content, string? type, bool chunked = false)
    {
        if (type is not null)
        {
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return app.Client.SendAsync(request);
    }
}
