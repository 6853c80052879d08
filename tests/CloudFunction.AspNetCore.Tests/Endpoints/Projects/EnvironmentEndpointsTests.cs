using System.Text.Json;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Projects;

public sealed class EnvironmentEndpointsTests
{
    [Fact]
    public async Task GetSystem_SettingsAndTheRest_ShowsValuesInForceAndMasksTheRest()
    {
        await using var app = await TestApp.StartAsync(
            static options => (options.AdminKey, options.MaxQueue, options.TrustedHosts) = ("hidden", 7, ["a.example", "b.example"]),
            systemVariables: ["PORT", "OPENAI_API_KEY", "ADMIN_KEY", "CLOUDFUNCTION_ADMIN_KEY"]);
        app.Client.DefaultRequestHeaders.Add("X-API-Key", "hidden");

        var body = await app.Client.GetStringAsync("/api/v1/env/system");

        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal("success", json.GetProperty("status").GetString());
        var data = json.GetProperty("data").EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value.GetString());
        Assert.Equal(
            ("7", "8080", "a.example,b.example", "30MB", "300s", "true", ""),
            (
                data["MAX_QUEUE"],
                data["PORT"],
                data["TRUSTED_HOSTS"],
                data["MAX_REQUEST_BYTES"],
                data["FUNCTION_TIMEOUT"],
                data["ACCESS_LOG"],
                data["LOG_LEVEL"]));
        Assert.All(["OPENAI_API_KEY", "ADMIN_KEY", "CLOUDFUNCTION_ADMIN_KEY"], name => Assert.Equal("***", data[name]));
        Assert.DoesNotContain("hidden", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetSystem_NoSecretSet_NamesNone()
    {
        await using var app = await TestApp.StartAsync();

        Assert.DoesNotContain("ADMIN_KEY", await app.Client.GetStringAsync("/api/v1/env/system"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutSystem_SettingAmongTheChanges_SaysThatItWaitsForAStart()
    {
        await using var app = await TestApp.StartAsync(systemVariables: ["TOKEN"]);

        using var response = await app.Client.PutAsync(
            "/api/v1/env/system", new StringContent("""{"PORT":"81","TOKEN":"hidden"}""", System.Text.Encoding.UTF8, "application/json"));

        var body = await response.Content.ReadAsStringAsync();
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal("In force once the host is started again: PORT.", json.GetProperty("message").GetString());
        Assert.Equal("PORT", Assert.Single(json.GetProperty("restart_required").EnumerateArray()).GetString());
        Assert.Equal(
            ("8080", "***"), (json.GetProperty("data").GetProperty("PORT").GetString(), json.GetProperty("data").GetProperty("TOKEN").GetString()));
        Assert.DoesNotContain("hidden", body, StringComparison.Ordinal);
        Assert.Equal(["PORT", "TOKEN"], app.Operations.Changes!.Keys);
    }
}
