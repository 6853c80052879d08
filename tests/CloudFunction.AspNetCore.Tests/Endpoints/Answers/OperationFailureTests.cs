using CloudFunction.Runtime;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Answers;

public sealed class OperationFailureTests
{
    [Theory]
    [InlineData("ProjectNotFound", 404, "PROJECT_NOT_FOUND", "project", "not found")]
    [InlineData("FunctionNotFound", 404, "FUNCTION_NOT_FOUND", "function", "not found")]
    [InlineData("VersionNotFound", 404, "VERSION_NOT_FOUND", "version", "not found")]
    [InlineData("Invalid", 400, "INVALID_PARAMETERS", "weights", "what is wrong")]
    [InlineData("BadUpload", 422, "INVALID_PARAMETERS", "a/../b", "what is wrong")]
    [InlineData("TooLarge", 413, "INVALID_PARAMETERS", "body", "what is wrong")]
    [InlineData("EnvironmentError", 422, "ENV_ERROR", "NAME", "what is wrong")]
    [InlineData("Conflict", 409, "CONFLICT", "project", "what is wrong")]
    public async Task Deploy_ProjectException_HasItsStatusAndCode(string code, int status, string apiCode, string field, string reason)
    {
        var details = await FailAsync(
            new ProjectException(Enum.Parse<ProjectErrorCode>(code), "what is wrong")
            {
                Field = code is "Invalid" or "BadUpload" or "EnvironmentError" ? field : null,
            }, status, apiCode);

        Assert.Equal((field, reason), (details.Field(), details.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Deploy_HostIsBusy_MayBeSentAgain()
    {
        await using var app = await TestApp.StartAsync();
        app.Operations.Failure = new ProjectException(ProjectErrorCode.Busy, "too many");

        using var response = await app.Client.PostAsync("/api/v1/projects/hello/deploy", null);

        await response.ShouldFailAsync(503, "OVERLOADED");
        Assert.Equal("5", response.Headers.RetryAfter?.ToString());
    }

    /// <summary>A code without a row of its own would be answered as a wrong parameter.</summary>
    [Fact]
    public void Codes_OfProjects_AllHaveARow() => Assert.Equal(9, Enum.GetValues<ProjectErrorCode>().Length);

    [Theory]
    [InlineData("Invalid", "INVALID_PARAMETERS")]
    [InlineData("DependencyError", "DEPENDENCY_ERROR")]
    public async Task Deploy_DeploymentException_TellsAllThatTheWorkerLeft(string code, string apiCode)
    {
        var details = await FailAsync(
            new DeploymentException(Enum.Parse<DeploymentErrorCode>(code), "does not load")
            {
                Exception = "System.Exception: boom\n   at X",
                ExitCode = 134,
                StandardError = "Aborted",
            },
            422,
            apiCode);

        Assert.Equal(
            ("does not load", "System.Exception: boom\n   at X", 134, "Aborted"),
            (details.GetProperty("reason").GetString(), details.GetProperty("exception")
                .GetString(), details.GetProperty("exit_code").GetInt32(), details.GetProperty("stderr").GetString()));
    }

    [Fact]
    public async Task Deploy_DeploymentExceptionWithoutAWorker_NamesNoneOfIt()
    {
        var details = await FailAsync(new DeploymentException(DeploymentErrorCode.Invalid, "no functions"), 422, "INVALID_PARAMETERS");

        Assert.Equal(["field", "reason"], details.EnumerateObject().Select(static member => member.Name));
    }

    [Fact]
    public async Task Deploy_DotEnvException_NamesEveryLine()
    {
        var details = await FailAsync(new DotEnvException([".env:1: one", ".env:3: three"]), 422, "ENV_ERROR");

        Assert.Equal(".env", details.Field());
        Assert.Equal([".env:1: one", ".env:3: three"], details.GetProperty("reason").GetString()!.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task Deploy_AnyOtherException_IsInternalErrorAndLogged(Type type)
    {
        await using var app = await TestApp.StartAsync();
        app.Operations.Failure = (Exception)Activator.CreateInstance(type, "secret cause")!;

        using var response = await app.Client.PostAsync("/api/v1/projects/hello/deploy", null);

        await response.ShouldFailAsync(500, "INTERNAL_ERROR");
        Assert.DoesNotContain("secret cause", await response.Content.ReadAsStringAsync());
        Assert.Single(app.Log.Lines);
    }

    /// <summary>A disk's error is the operator's to mend, and names the setting: never where on the machine that is.</summary>
    [Theory]
    [InlineData("DATA_DIR", 28, 507, "STORAGE_FULL", "disk full")]
    [InlineData("DEPLOYMENTS_DIR", 30, 503, "OVERLOADED", "read-only")]
    [InlineData("DEPLOYMENTS_DIR", 5, 503, "OVERLOADED", "disk error")]
    [InlineData("DATA_DIR", 16, 503, "OVERLOADED", "in use")]
    [InlineData("DATA_DIR", 17, 503, "OVERLOADED", "in the way")]
    [InlineData("PROJECTS_DIR", 20, 409, "CONFLICT", "in the way")]
    [InlineData("PROJECTS_DIR", 28, 507, "STORAGE_FULL", "disk full")]
    [InlineData("PROJECTS_DIR", 30, 409, "CONFLICT", "read-only")]
    [InlineData("PROJECTS_DIR", 26, 409, "CONFLICT", "in use")]
    [InlineData("PROJECTS_DIR", 13, 409, "CONFLICT", "no permission")]
    [InlineData("PROJECTS_DIR", 2, 409, "CONFLICT", "not found")]
    [InlineData("the host", 5, 503, "OVERLOADED", "disk error")]
    [InlineData("the host", 28, 507, "STORAGE_FULL", "disk full")]
    public async Task Deploy_InputOrOutputFails_NamesTheSettingAndWhatToDo(string setting, int error, int status, string code, string reason)
    {
        await using var app = await TestApp.StartAsync(options =>
            (options.DataDirectory, options.DeploymentsDirectory, options.ProjectsDirectory) = ("/srv/data", "/srv/deployments", "/srv/projects"));
        var path = setting == "the host" ? "/tmp/x" : $"/srv/{setting.Split('_')[0].ToLowerInvariant()}/shop/a.txt";
        app.Operations.Failure = error switch
        {
            13 => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            2 => new DirectoryNotFoundException($"Could not find a part of the path '{path}'."),
            _ => new IOException($"It failed : '{path}'", error),
        };

        using var response = await app.Client.PostAsync("/api/v1/projects/hello/deploy", null);

        var details = await response.ShouldFailAsync(status, code);
        Assert.Equal((setting, reason), (details.Field(), details.GetProperty("reason").GetString()));
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("/srv", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp", text, StringComparison.Ordinal);
        Assert.Equal(code != "STORAGE_FULL" && setting != "the host", text.Contains($"{setting}/shop/a.txt", StringComparison.Ordinal));
        Assert.Contains(path, Assert.Single(app.Log.Lines), StringComparison.Ordinal);
    }

    /// <summary>What cannot be read is the operator's to mend, whatever it was read for: a folder, or the record of what serves.</summary>
    [Theory]
    [InlineData("PROJECTS_DIR/shop", false, 409, "CONFLICT", "no permission")]
    [InlineData("DEPLOYMENTS_DIR/shop/active.json", true, 503, "OVERLOADED", "damaged")]
    public async Task Deploy_SomethingCannotBeRead_NamesItAndWhatToDo(string place, bool isDamaged, int status, string code, string reason)
    {
        await using var app = await TestApp.StartAsync(options =>
            (options.DeploymentsDirectory, options.ProjectsDirectory) = ("/srv/deployments", "/srv/projects"));
        var path = place.Replace("PROJECTS_DIR", "/srv/projects", StringComparison.Ordinal)
            .Replace("DEPLOYMENTS_DIR", "/srv/deployments", StringComparison.Ordinal);
        Exception inner = isDamaged ? new DamagedRecordException(path) : new UnauthorizedAccessException($"Access to the path '{path}' is denied.");
        app.Operations.Failure = new UnreadableException($"'{path}' cannot be read.", inner);

        using var response = await app.Client.PostAsync("/api/v1/projects/shop/deploy", null);

        var details = await response.ShouldFailAsync(status, code);
        Assert.Equal((place.Split('/')[0], reason), (details.Field(), details.GetProperty("reason").GetString()));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(place, text, StringComparison.Ordinal);
        Assert.Equal(isDamaged, text.Contains("roll it back to a version by its number", StringComparison.Ordinal));
        Assert.DoesNotContain("/srv", text, StringComparison.Ordinal);
    }

    /// <summary>The host's own folder is named by no setting; its files are, by their names.</summary>
    [Fact]
    public async Task Deploy_AFileOfTheContentRoot_IsNamedWithoutItsPlace()
    {
        await using var app = await TestApp.StartAsync();
        var root = app.App.Services.GetRequiredService<IHostEnvironment>().ContentRootPath;
        app.Operations.Failure = new UnauthorizedAccessException($"Access to the path '{Path.Combine(root, ".env")}' is denied.");

        using var response = await app.Client.PostAsync("/api/v1/projects/hello/deploy", null);

        Assert.Equal("the host", (await response.ShouldFailAsync(503, "OVERLOADED")).Field());
        var text = await response.Content.ReadAsStringAsync();
        using var answer = System.Text.Json.JsonDocument.Parse(text);
        Assert.StartsWith("The host's file '.env' cannot be", answer.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(root, text, StringComparison.Ordinal);
    }

    /// <summary>One that names no file at all: the log has it.</summary>
    [Fact]
    public async Task Deploy_InputOrOutputFailsWithoutAFile_IsNoInternalError()
    {
        await using var app = await TestApp.StartAsync();
        app.Operations.Failure = new IOException("secret cause");

        using var response = await app.Client.PostAsync("/api/v1/projects/hello/deploy", null);

        Assert.Equal("the host", (await response.ShouldFailAsync(503, "OVERLOADED")).Field());
        Assert.DoesNotContain("secret cause", await response.Content.ReadAsStringAsync());
        Assert.Contains("secret cause", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
    }

    private static async Task<System.Text.Json.JsonElement> FailAsync(Exception failure, int status, string code)
    {
        await using var app = await TestApp.StartAsync();
        app.Operations.Failure = failure;

        using var response = await app.Client.PostAsync("/api/v1/projects/hello/deploy", null);

        Assert.Contains(failure.Message.Split('\n')[0].Trim(), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(app.Log.Lines);
        return await response.ShouldFailAsync(status, code);
    }
}
