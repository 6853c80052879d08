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

    [Theory]
    [InlineData("", false)]
    [InlineData("ENV_INTERPOLATE=yes\n", true)]
    [InlineData("CLOUDFUNCTION_ENV_INTERPOLATE=true\n", true)]
    public void Read_ReferenceInTheFile_IsReplacedWhereTheFileAsksForIt(string before, bool isReplaced)
    {
        _root.Write(".env", before + "BASE=/srv\nLOG_DIR=${BASE}/logs\nWORKERS=${COUNT:-3}\nOTHER=${HOME}");
        _environment["HOME"] = "/home";
        _environment["WORKERS"] = "4";

        var settings = Read();

        Assert.Equal(isReplaced ? "/srv/logs" : _root.Combine("${BASE}/logs"), settings.Options.LogDirectory);
        Assert.Equal(4, settings.Options.Workers);
        Assert.Equal(isReplaced ? "/home" : "${HOME}", settings.SystemEnvFile["OTHER"]);
        Assert.Equal(
            isReplaced ? [] : ["2", "3", "4"],
            settings.Warnings.Where(warning => warning.Contains("has '${…}'", StringComparison.Ordinal))
                .Select(warning => warning[(_root.Combine(".env").Length + 1)..].Split(':')[0]));
    }

    [Fact]
    public void Read_ReferencesAndTheEnvironmentOrCode_HaveTheLastWord()
    {
        _root.Write(".env", "ENV_INTERPOLATE=true\nA=${HOME}");
        _environment["HOME"] = "/home";
        _environment["ENV_INTERPOLATE"] = "false";

        Assert.Equal("${HOME}", Read().SystemEnvFile["A"]);
        Assert.Equal("/home", Read(options => options.EnvInterpolate = true).SystemEnvFile["A"]);
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
    [InlineData("SERVER_URL", "https://user:secret@example.com")]
    [InlineData("ALLOWED_ORIGINS", "https://example.com,https://user:secret@example.org")]
    public void Read_BadUrlWithAPassword_DoesNotTellIt(string name, string value)
    {
        _environment[name] = value;

        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read()).Errors);

        Assert.Contains(name + ": ", error, StringComparison.Ordinal);
        Assert.Contains("//***@example.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PORT", "abc", "65535")]
    [InlineData("PORT", "65536", "65535")]
    [InlineData("PORT", "-1", "65535")]
    [InlineData("HOST", "no name", "IP address")]
    [InlineData("HOST", "http://localhost", "IP address")]
    [InlineData("HOST", "10.1", "IP address")]
    [InlineData("WORKERS", "0", "from 1 to 64")]
    [InlineData("WORKERS", "65", "from 1 to 64")]
    [InlineData("MAX_CONCURRENT", "0", "from 1")]
    [InlineData("MAX_QUEUE", "-1", "from 0")]
    [InlineData("TIMEOUT_NOTIFY", "0", "from 1ms")]
    [InlineData("FUNCTION_TIMEOUT", "25d", "24d")]
    [InlineData("IDLE_TIMEOUT", "soon", "0 for never")]
    [InlineData("MAX_REQUEST_BYTES", "1023", "1 KB")]
    [InlineData("MAX_RESPONSE_BYTES", "2GB", "2047 MB")]
    [InlineData("KEEP_VERSIONS", "0", "from 1")]
    [InlineData("TASK_MAX_ATTEMPTS", "101", "from 1 to 100")]
    [InlineData("TASK_RETENTION", "0", "from 1ms to 3650d")]
    [InlineData("TASK_RETENTION", "3651d", "from 1ms to 3650d")]
    [InlineData("SCHEDULER_TIMEZONE", "Asia/Nowhere", "a time zone that this machine knows")]
    [InlineData("ISOLATION", "container", "process or none")]
    [InlineData("CALLBACK_ALLOW_PRIVATE", "maybe", "true, false")]
    [InlineData("SERVER_URL", "example.com", "absolute http or https URL")]
    [InlineData("SERVER_URL", "ftp://example.com", "absolute http or https URL")]
    [InlineData("SERVER_URL", "https://example.com/?a=1", "absolute http or https URL")]
    [InlineData("SSL_ENABLED", "on", "true, false")]
    [InlineData("SSL_KEYFILE", "a\0b", "path of a file")]
    [InlineData("PROXY_HEADERS", "maybe", "true, false")]
    [InlineData("FORWARDED_ALLOW_IPS", "10.0.0.0/33", "CIDR")]
    [InlineData("FORWARDED_ALLOW_IPS", "10.1", "CIDR")]
    [InlineData("FORWARDED_ALLOW_IPS", "10.0.0.1,proxy", "CIDR")]
    [InlineData("TRUSTED_HOSTS", "example.com:80", "without ports")]
    [InlineData("TRUSTED_HOSTS", "https://example.com", "without ports")]
    [InlineData("TRUSTED_HOSTS", "*.10.0.0.1", "without ports")]
    [InlineData("TRUSTED_HOSTS", "a.*.com", "without ports")]
    [InlineData("CLEANUP_INTERVAL", "0.5ms", "from 1ms")]
    [InlineData("IDLE_TIMEOUT", "0.5ms", "from 1ms")]
    [InlineData("LOG_LEVEL", "verbose", "debug, info, warning, error or critical")]
    [InlineData("ACCESS_LOG", "2", "true, false")]
    [InlineData("ALLOWED_ORIGINS", "https://example.com/", "no slash at the end")]
    [InlineData("ALLOWED_ORIGINS", "https://example.com/app", "no path")]
    [InlineData("ALLOWED_ORIGINS", "example.com", "scheme, host and port")]
    [InlineData("ALLOWED_ORIGINS", "https://*.example.com", "scheme, host and port")]
    [InlineData("ALLOWED_ORIGINS", "null", "scheme, host and port")]
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
    public void Read_FaultsBetweenSettings_AreToldAlongWithBadValues()
    {
        (_environment["PORT"], _environment["SSL_ENABLED"], _environment["DATA_DIR"], _environment["DEPLOYMENTS_DIR"]) = ("abc", "true", "d", "d");

        var errors = Assert.Throws<SettingsException>(() => Read()).Errors;

        string[] starts = ["PORT: ", "DATA_DIR: ", "SSL_KEYFILE is not set", "SSL_CERTFILE is not set"];
        Assert.Equal(starts.Length, errors.Count);
        Assert.All(starts, start => Assert.Contains(errors, error => error.StartsWith(start, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ADMIN_KEY")]
    [InlineData("CALLBACK_SECRET")]
    public void Read_BadSecret_IsNeverShown(string name)
    {
        _environment[name] = "very secret";

        var message = Assert.Throws<SettingsException>(() => Read()).Message;

        Assert.StartsWith(name + ": ", message, StringComparison.Ordinal);
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
    [InlineData("LOG_DIR", "projects/logs")]
    [InlineData("LOG_DIR", "deployments")]
    [InlineData("CONFIG_DIR", "projects")]
    [InlineData("PROJECTS_DIR", "logs/projects")]
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
        _environment["CLOUDFUNCTION_WORKER_MEMORY_LIMIT"] = "hidden";
        _section["CloudFunction:WORKER_MAX_INVOCATIONS"] = "hidden";
        _section["CloudFunction:Typo"] = "hidden";
        _root.Write(".env", "LOG_FORMAT=hidden\nA=1\nA=2");

        var warnings = Read().Warnings;

        Assert.Equal(7, warnings.Count);
        Assert.Contains(
            warnings,
            warning => warning.StartsWith("SECRET_KEY ", StringComparison.Ordinal) && warning.Contains("ADMIN_KEY", StringComparison.Ordinal));
        Assert.Contains(
            warnings, warning => warning.StartsWith("API_PORT ", StringComparison.Ordinal) && warning.Contains("use PORT", StringComparison.Ordinal));
        Assert.Contains(
            warnings,
            warning => warning.StartsWith("CLOUDFUNCTION_WORKER_MEMORY_LIMIT is set but not in force in this version", StringComparison.Ordinal));
        Assert.Contains(
            warnings,
            warning => warning.StartsWith("CloudFunction:WORKER_MAX_INVOCATIONS is set but not in force in this version", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("LOG_FORMAT ", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("CloudFunction:Typo is not a setting", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, warning => warning.Contains("hidden", StringComparison.Ordinal));
    }

    [Theory]
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
    [InlineData("RATE_LIMIT", "none")]
    [InlineData("RATE_LIMIT", "None")]
    public void Read_ProtectionNotAskedFor_IsFine(string name, string value)
    {
        _environment[name] = value;

        Assert.DoesNotContain("protection", string.Join('\n', Read().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TlsWithoutItsFiles_NamesBoth()
    {
        _environment["SSL_ENABLED"] = "yes";

        var errors = Assert.Throws<SettingsException>(() => Read()).Errors;

        Assert.Equal(2, errors.Count);
        Assert.StartsWith("SSL_KEYFILE is not set; allowed is ", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("SSL_CERTFILE is not set; allowed is ", errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TlsFilesWithoutTls_AreWarnedOf()
    {
        (_environment["SSL_KEYFILE"], _environment["SSL_CERTFILE"], _environment["SSL_CA_CERTS"]) = ("k", "c", "a");

        var settings = Read();

        Assert.Equal(3, settings.Warnings.Count(warning => warning.Contains("SSL_ENABLED is false", StringComparison.Ordinal)));
        Assert.Equal(_root.Combine("k"), settings.Options.SslKeyFile);
    }

    [Fact]
    public void Read_Lists_AreTakenApart()
    {
        _environment["FORWARDED_ALLOW_IPS"] = "10.0.0.0/8, ::1,::ffff:192.168.0.1";
        _environment["TRUSTED_HOSTS"] = "Example.com,*.example.com, [::1]";
        _environment["ALLOWED_ORIGINS"] = "https://app.example.com,http://localhost:3000";

        var options = Read().Options;

        Assert.Equal(["10.0.0.0/8", "::1", "::ffff:192.168.0.1"], options.ForwardedAllowIps);
        Assert.Equal(["Example.com", "*.example.com", "[::1]"], options.TrustedHosts);
        Assert.Equal(["https://app.example.com", "http://localhost:3000"], options.AllowedOrigins);
    }

    [Fact]
    public void Read_ListOfCodeLikeTheDefault_IsNotSet()
    {
        Assert.False(Read(options => options.TrustedHosts = ["*"]).IsSet("TRUSTED_HOSTS"));
        Assert.StartsWith(
            "CloudFunctionOptions.TrustedHosts: \"a b,c\"",
            Assert.Throws<SettingsException>(() => Read(options => options.TrustedHosts = ["a b", "c"])).Message, StringComparison.Ordinal);
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
