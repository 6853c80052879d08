using System.Net;
using System.Text;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

public sealed class FunctionFormTests
{
    private const string Path = "/api/v1/functions/hello/deploy";

    [Fact]
    public async Task Deploy_FieldsAndFiles_ReachTheOperation()
    {
        await using var app = await TestApp.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("greet"), "function_name" },
            { new ByteArrayContent([0xef, 0xbb, 0xbf, .. "class Größe;\r\n"u8]), "code", "any.cs" },
            { new StringContent("Dapper>=2.1\n"), "requirements" },
            { new StringContent("A=1"), "env_vars", ".env" },
        };

        using var response = await app.Client.PostAsync(Path, form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new FunctionUpload("greet", "class Größe;\r\n", "Dapper>=2.1\n", "A=1"), app.Operations.Function);
    }

    /// <summary>A page sends a file field that was left blank as a file without a name; what a caller wrote is taken as written.</summary>
    [Fact]
    public async Task Deploy_OptionalFieldsBlank_AreNoneWhereNoFileWasChosen()
    {
        await using var app = await TestApp.StartAsync();
        const string body = "--b\r\nContent-Disposition: form-data; name=\"function_name\"\r\n\r\ngreet\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\ncode\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"requirements\"\r\n\r\n\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"env_vars\"; filename=\"\"\r\nContent-Type: "
            + "application/octet-stream\r\n\r\n\r\n--b--\r\n";

        using var response = await SendAsync(app, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new FunctionUpload("greet", "code", "", null), app.Operations.Function);
    }

    [Theory]
    [InlineData("function_name=greet", "code")]
    [InlineData("code=x", "function_name")]
    [InlineData("code=x;function_name=", "function_name")]
    [InlineData("function_name=greet;code= ", "code")]
    [InlineData("function_name=Greet;code=x", "function_name")]
    [InlineData("function_name=../x;code=x", "function_name")]
    [InlineData("function_name=con;code=x", "function_name")]
    [InlineData("function_name=greet;code=x;code=y", "code")]
    [InlineData("function_name=greet;code=x;name=y", "name")]
    public async Task Deploy_FieldsMissingWrongTwiceOrUnknown_Is400WithTheField(string fields, string field)
    {
        await using var app = await TestApp.StartAsync();
        using var form = new MultipartFormDataContent();
        foreach (var pair in fields.Split(';'))
        {
            form.Add(
                new StringContent(pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]), pair[..pair.IndexOf('=', StringComparison.Ordinal)]);
        }

        using var response = await app.Client.PostAsync(Path, form);

        Assert.Equal(field, (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
        Assert.Null(app.Operations.Function);
    }

    [Fact]
    public async Task Deploy_NoFields_NamesAllThatAreMissing()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, "--b--\r\n");

        Assert.Equal("function_name", (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
        Assert.Contains("and so is code", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_CodeThatIsNoText_Is400()
    {
        await using var app = await TestApp.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("greet"), "function_name" },
            { new ByteArrayContent([0xff, 0xfe, 0x41]), "code" },
        };

        using var response = await app.Client.PostAsync(Path, form);

        Assert.Equal("code", (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData("code", (1 << 20) + 1)]
    [InlineData("requirements", (64 << 10) + 1)]
    [InlineData("env_vars", (64 << 10) + 1)]
    [InlineData("function_name", (64 << 10) + 1)]
    public async Task Deploy_FieldBeyondItsLimit_Is413WithTheField(string field, int length)
    {
        await using var app = await TestApp.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent(new string('x', length)), field } };

        using var response = await app.Client.PostAsync(Path, form);

        Assert.Equal(field, (await response.ShouldFailAsync(413, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1024L)]
    public async Task Deploy_FormBeyondItsLimit_Is413(long? maxUploadBytes)
    {
        await using var app = await TestApp.StartAsync(options => options.MaxUploadBytes = maxUploadBytes ?? options.MaxUploadBytes);

        using var response = await SendAsync(app, new string('x', 3 << 20));

        Assert.Equal("body", (await response.ShouldFailAsync(413, "INVALID_PARAMETERS")).Field());
        Assert.Equal(maxUploadBytes is not null, (await response.Content.ReadAsStringAsync()).Contains("MAX_UPLOAD_BYTES", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/zip")]
    [InlineData("application/json")]
    public async Task Deploy_AnotherMediaType_Is415(string? type)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await SendAsync(app, "{}", type);

        Assert.Equal("Content-Type", (await response.ShouldFailAsync(415, "INVALID_PARAMETERS")).Field());
    }

    private static Task<HttpResponseMessage> SendAsync(TestApp app, string body, string? type = "multipart/form-data; boundary=b")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return app.Client.PostAsync(Path, content);
    }
}
