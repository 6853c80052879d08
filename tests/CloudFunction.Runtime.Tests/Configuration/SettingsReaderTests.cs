using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Dictionary<string, string?> _section = [];
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Read_Nothing_GivesDefaultsWithAbsoluteDirectories()
    {
        var settings = Read();

        Assert.Equal(8080, settings.Options.Port);
        Assert.Equal(_root.Combine("projects"), settings.Options.ProjectsDirectory);
        Assert.Equal(_root.Combine("deployments"), settings.Options.DeploymentsDirectory);
        Assert.Equal(_root.Combine("data"), settings.Options.DataDirectory);
        Assert.Empty(settings.Warnings);
        Assert.Null(settings.EnvFilePath);
        Assert.Empty(settings.SystemEnvFile);
        Assert.All(SettingsTable.All, setting => Assert.False(settings.IsSet(setting.Name)));
    }

    [Fact]
    public void Read_AllSources_LaterOnesWin()
    {
        _section["CloudFunction:WORKERS"] = "2";
        _section["CloudFunction:MaxConcurrent"] = "2";
        _section["CloudFunction:PORT"] = "2";
        _section["CloudFunction:MaxQueue"] = "2";
        _root.Write(".env", "MAX_CONCURRENT=3\nPORT=3\nMAX_QUEUE=3\nOTHER=x");
        _environment["PORT"] = "4";
        _environment["MAX_QUEUE"] = "4";

        var settings = Read(options => options.MaxQueue = options.MaxQueue == 4 ? 5 : -1);

        Assert.Equal((2, 3, 4, 5), (settings.Options.Workers, settings.Options.MaxConcurrent, settings.Options.Port, settings.Options.MaxQueue));
        Assert.Equal(_root.Combine(".env"), settings.EnvFilePath);
        Assert.Equal("x", settings.SystemEnvFile["OTHER"]);
        Assert.True(settings.IsSet("PORT"));
        Assert.True(settings.IsSet("MAX_QUEUE"));
        Assert.False(settings.IsSet("HOST"));
    }

    [Fact]
    public void Read_PrefixedName_WinsWithinItsSourceOnly()
    {
        _root.Write(".env", "CLOUDFUNCTION_PORT=1\nPORT=2\nCLOUDFUNCTION_WORKERS=3");
        _environment["WORKERS"] = "4";

        var settings = Read();

        Assert.Equal((1, 4), (settings.Options.Port, settings.Options.Workers));
    }

    [Fact]
    public void Read_EmptyValue_IsUnset()
    {
        _root.Write(".env", "PORT=81");
        _environment["PORT"] = " ";
        _environment["CLOUDFUNCTION_PORT"] = "";
        _environment["HOST"] = "";

        var settings = Read();

        Assert.Equal(81, settings.Options.Port);
        Assert.False(settings.IsSet("HOST"));
    }

    [Fact]
    public void Read_OverruledValue_IsNotLookedAt()
    {
        // Kubernetes sets PORT-like variables of its own accord.
        _environment["PORT"] = "tcp://10.0.0.1:80";
        _environment["CLOUDFUNCTION_PORT"] = "81";

        Assert.Equal(81, Read().Options.Port);
    }

    [Theory]
    [InlineData("PORT", "abc", "65535")]
    [InlineData("PORT", "65536", "65535")]
    [InlineData("PORT", "-1", "65535")]
    [InlineData("HOST", "nonsense", "IP address")]
    [InlineData("HOST", "10.1", "IP address")]
    [InlineData("WORKERS", "0", "from 1 to 64")]
    [InlineData("WORKERS", "65", "from 1 to 64")]
    [InlineData("MAX_CONCURRENT", "0", "from 1")]
    [InlineData("MAX_QUEUE", "-1", "from 0")]
    [InlineData("TIMEOUT_NOTIFY", "0", "above 0")]
    [InlineData("FUNCTION_TIMEOUT", "25d", "24d")]
    [InlineData("IDLE_TIMEOUT", "soon", "0 for never")]
    [InlineData("MAX_REQUEST_BYTES", "1023", "1 KB")]
    [InlineData("MAX_RESPONSE_BYTES", "2GB", "2047 MB")]
    [InlineData("KEEP_VERSIONS", "0", "from 1")]
    public void Read_BadValue_NamesVariableValueAndWhatIsAllowed(string name, string value, string allowed)
    {
        _environment["CLOUDFUNCTION_" + name] = value;

        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read()).Errors);

        Assert.StartsWith($"CLOUDFUNCTION_{name}: \"{value}\" is not allowed", error, StringComparison.Ordinal);
        Assert.Contains(allowed, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralBadValues_AreToldAtOnceEachByTheNameAsWritten()
    {
        _section["CloudFunction:MaxConcurrent"] = "many";
        _root.Write(".env", "WORKERS=0\nnonsense");
        _environment["CLOUDFUNCTION_PORT"] = "abc";

        var exception = Assert.Throws<SettingsException>(() => Read(options => options.KeepVersions = 0));

        Assert.Equal(5, exception.Errors.Count);
        Assert.Equal(5, exception.Message.Split(Environment.NewLine).Length);
        string[] starts =
        [
            "CloudFunction:MaxConcurrent: \"many\"", "WORKERS: \"0\"", _root.Combine(".env") + ":2: ", "CLOUDFUNCTION_PORT: \"abc\"",
            "CloudFunctionOptions.KeepVersions: \"0\"",
        ];
        Assert.All(starts, start => Assert.Contains(exception.Errors, error => error.StartsWith(start, StringComparison.Ordinal)));

        Assert.Contains($"(set in {_root.Combine(".env")}:1)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BadSecret_IsNeverShown()
    {
        _environment["ADMIN_KEY"] = "very secret";

        var message = Assert.Throws<SettingsException>(() => Read()).Message;

        Assert.StartsWith("ADMIN_KEY: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("very", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CodeRepairsABadValue_Passes()
    {
        _environment["PORT"] = "abc";

        Assert.Equal(81, Read(options => options.Port = 81).Options.Port);
    }

    [Fact]
    public void Read_DirectoryOfCode_IsCheckedAndResolved()
    {
        Assert.Equal(_root.Combine("mine"), Read(options => options.DataDirectory = "mine/").Options.DataDirectory);
        Assert.Throws<SettingsException>(() => Read(options => options.DataDirectory = null!));
    }

    [Theory]
    [InlineData("DEPLOYMENTS_DIR", "projects/x")]
    [InlineData("DATA_DIR", "projects")]
    [InlineData("DATA_DIR", "deployments/data")]
    [InlineData("PROJECTS_DIR", "deployments/x")]
    public void Read_DirectoriesWithinEachOther_AreRefused(string name, string value)
    {
        _environment[name] = value;

        Assert.StartsWith(name, Assert.Throws<SettingsException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DirectoriesWithLikeNames_AreFine()
    {
        _environment["DEPLOYMENTS_DIR"] = "projects-staged";

        Assert.Equal(_root.Combine("projects-staged"), Read().Options.DeploymentsDirectory);
    }

    [Fact]
    public void Read_NamesNotInForce_AreWarnedOfWithoutTheirValues()
    {
        _environment["SECRET_KEY"] = "hidden";
        _environment["API_PORT"] = "hidden";
        _environment["CLOUDFUNCTION_LOG_CFG"] = "hidden";
        _section["CloudFunction:LOG_LEVEL"] = "hidden";
        _section["CloudFunction:Typo"] = "hidden";
        _root.Write(".env", "CALLBACK_SECRET=hidden\nA=1\nA=2");

        var warnings = Read().Warnings;

        Assert.Equal(7, warnings.Count);
        Assert.Contains(warnings, warning => warning.StartsWith("SECRET_KEY ", StringComparison.Ordinal) && warning.Contains("ADMIN_KEY", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("API_PORT ", StringComparison.Ordinal) && warning.Contains("use PORT", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("CLOUDFUNCTION_LOG_CFG is set but not in force in this version", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("CloudFunction:LOG_LEVEL is set but not in force in this version", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("CALLBACK_SECRET is set but not in force in this version", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("CloudFunction:Typo is no setting", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, warning => warning.Contains("hidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SSL_ENABLED", "true")]
    [InlineData("SSL_CA_CERTS", "ca.pem")]
    [InlineData("TRUSTED_HOSTS", "example.com")]
    [InlineData("API_KEYS", "hidden")]
    [InlineData("RATE_LIMIT", "10/s")]
    public void Read_ProtectionNotInForce_IsRefusedWithoutItsValue(string name, string value)
    {
        _environment[name] = value;

        var message = Assert.Throws<SettingsException>(() => Read()).Message;

        Assert.StartsWith($"{name} asks for a protection", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSL_ENABLED", "False")]
    [InlineData("TRUSTED_HOSTS", "*")]
    public void Read_ProtectionNotAskedFor_IsFine(string name, string value)
    {
        _environment[name] = value;

        Assert.Empty(Read().Warnings);
    }

    [Fact]
    public void Prepare_MissingDirectories_AreMade()
    {
        var settings = Read();

        SettingsDirectories.Prepare(settings);

        Assert.Empty(Directory.EnumerateFileSystemEntries(settings.Options.ProjectsDirectory));
        Assert.Empty(Directory.EnumerateFileSystemEntries(settings.Options.DeploymentsDirectory));
        Assert.Empty(Directory.EnumerateFileSystemEntries(settings.Options.DataDirectory));
    }

    [Fact]
    public void Prepare_UnusableDirectories_AreAllNamed()
    {
        var file = _root.Write("file", "");
        _environment["CLOUDFUNCTION_DATA_DIR"] = file;
        _environment["PROJECTS_DIR"] = Path.Combine(file, "below");

        var errors = Assert.Throws<SettingsException>(() => SettingsDirectories.Prepare(Read())).Errors;

        Assert.Equal(2, errors.Count);
        Assert.StartsWith("PROJECTS_DIR: ", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("CLOUDFUNCTION_DATA_DIR: ", errors[1], StringComparison.Ordinal);
    }

    private EffectiveSettings Read(Action<CloudFunctionOptions>? configure = null) =>
        SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(_section).Build(), _environment, _root.Path, configure);
}
