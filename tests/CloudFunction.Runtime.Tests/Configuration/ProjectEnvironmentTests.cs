using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class ProjectEnvironmentTests
{
    [Theory]
    [InlineData("PORT")]
    [InlineData("CLOUDFUNCTION_PORT")]
    [InlineData("CLOUDFUNCTION_WHATEVER")]
    [InlineData("ADMIN_KEY")]
    [InlineData("API_KEYS")]
    [InlineData("SECRET_KEY")]
    [InlineData("CALLBACK_SECRET")]
    [InlineData("SSL_KEYFILE")]
    [InlineData("LOG_LEVEL")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("Kestrel__Certificates__Default__Password")]
    [InlineData("kestrel__x")]
    [InlineData("ConnectionStrings__Main")]
    [InlineData("SQLCONNSTR_Main")]
    [InlineData("CloudFunction__ADMIN_KEY")]
    [InlineData("DOTNET_Kestrel__x")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("DOTNET_DiagnosticPorts")]
    [InlineData("DOTNET_EnableDiagnostics_IPC")]
    [InlineData("CORECLR_PROFILER")]
    [InlineData("COR_ENABLE_PROFILING")]
    public void BuildBase_HostsOwn_IsLeftOut(string name)
    {
        var variables = new Dictionary<string, string> { [name] = "x" };

        Assert.Empty(ProjectEnvironment.BuildBase(variables, variables));
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("DOTNET_gcServer")]
    [InlineData("DOTNET_ENVIRONMENT")]
    [InlineData("OPENAI_API_KEY")]
    [InlineData("CLOUDFUNCTION_DB_HOST")]
    [InlineData("LLM_MINE_MODEL")]
    [InlineData("DB_PASSWORD")]
    [InlineData("CORRELATION")]
    public void BuildBase_Others_AreKept(string name)
    {
        var variables = new Dictionary<string, string> { [name] = "x" };

        Assert.Equal("x", ProjectEnvironment.BuildBase(variables, new Dictionary<string, string>())[name]);
    }

    [Fact]
    public void BuildBase_SystemEnvFile_WinsOverTheHosts()
    {
        var environment = ProjectEnvironment.BuildBase(
            new Dictionary<string, string> { ["A"] = "host", ["B"] = "host" }, new Dictionary<string, string> { ["B"] = "file", ["C"] = "file" });

        Assert.Equal(new Dictionary<string, string> { ["A"] = "host", ["B"] = "file", ["C"] = "file" }, environment);
    }

    [Theory]
    [InlineData("DOTNET_gcServer", true)]
    [InlineData("COMPlus_x", true)]
    [InlineData("LD_LIBRARY_PATH", true)]
    [InlineData("DYLD_x", true)]
    [InlineData("LC_ALL", true)]
    [InlineData("LANG", true)]
    [InlineData("SSL_CERT_FILE", true)]
    [InlineData("TZ", true)]
    [InlineData("MALLOC_ARENA_MAX", true)]
    [InlineData("GLIBC_TUNABLES", true)]
    [InlineData("PATH", false)]
    [InlineData("LANGCHAIN_KEY", false)]
    [InlineData("MY_DOTNET_x", false)]
    [InlineData("DB_HOST", false)]
    public void NeedsOwnProcess_OfOneVariable_TellsWhetherItIsFixedAtStart(string name, bool expected)
    {
        var overlay = new Dictionary<string, string> { ["A"] = "1", [name] = "x" };

        Assert.Equal(expected, ProjectEnvironment.NeedsOwnProcess(overlay));
        Assert.Equal(expected ? name : null, ProjectEnvironment.FindFixedAtStart(overlay));
    }

    [Fact]
    public void ReadOverlay_OfAFolder_ReadsItsEnvFile()
    {
        using var folder = new TemporaryDirectory();
        Assert.Empty(ProjectEnvironment.ReadOverlay(folder.Path).Entries);
        folder.Write(".env", "B=2\nA=1");

        Assert.Equal(["B", "A"], ProjectEnvironment.ReadOverlay(folder.Path).Entries.Select(entry => entry.Name));
    }
}
