using CloudFunction.Runtime.Configuration.Validators;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Configuration;

/// <summary>All settings in force, in the order of the documentation.</summary>
internal static class SettingsTable
{
    /// <summary>Before a setting's name it makes a name that nothing else on the machine uses, and so wins.</summary>
    public const string Prefix = "CLOUDFUNCTION_";

    private const long Kilobyte = 1L << 10;

    // Payloads are held as one block of memory at times, and such a block is limited to 2 GB.
    private const long MaxPayloadBytes = 2047L << 20;

    private static readonly DurationRange Above0 = new(isZeroAllowed: false);
    private static readonly DurationRange OrNever = new(isZeroAllowed: true);

    // Kept in a file and compared, not waited for by a timer; ten years is longer than anybody asks what a task once did.
    private static readonly DurationRange Retention = new(isZeroAllowed: false, maximumDays: 3650);
    private static readonly SizeRange Payload = new(Kilobyte, MaxPayloadBytes);

    // A request line takes up to 8 KB beside them; more than 1 MB is no header of anybody's.
    private static readonly SizeRange Headers = new(4 * Kilobyte, 1L << 20);
    private static readonly SizeRange Stored = new(0, 1L << 40);
    private static readonly DirectoryPath Directory = new();
    private static readonly FilePath AnyFile = new();
    private static readonly EitherWay TrueOrFalse = new();

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new Setting<string>(
            "HOST", nameof(CloudFunctionOptions.Host), o => o.Host, (o, v) => o.Host = v, SettingSyntax.TryParseText, new ListenAddress()),
        Integer("PORT", nameof(CloudFunctionOptions.Port), o => o.Port, (o, v) => o.Port = v, 0, 65535),
        new Setting<Uri?>(
            "SERVER_URL",
            nameof(CloudFunctionOptions.ServerUrl),
            o => o.ServerUrl,
            (o, v) => o.ServerUrl = v,
            SettingSyntax.TryParseUrl,
            new BaseUrl()),
        Switch("SSL_ENABLED", nameof(CloudFunctionOptions.SslEnabled), o => o.SslEnabled, (o, v) => o.SslEnabled = v),
        File("SSL_KEYFILE", nameof(CloudFunctionOptions.SslKeyFile), o => o.SslKeyFile, (o, v) => o.SslKeyFile = v),
        File("SSL_CERTFILE", nameof(CloudFunctionOptions.SslCertificateFile), o => o.SslCertificateFile, (o, v) => o.SslCertificateFile = v),
        File("SSL_CA_CERTS", nameof(CloudFunctionOptions.SslCaCertificatesFile), o => o.SslCaCertificatesFile, (o, v) => o.SslCaCertificatesFile = v),
        Switch("PROXY_HEADERS", nameof(CloudFunctionOptions.ProxyHeaders), o => o.ProxyHeaders, (o, v) => o.ProxyHeaders = v),
        List("FORWARDED_ALLOW_IPS", nameof(
            CloudFunctionOptions.ForwardedAllowIps), o => o.ForwardedAllowIps, (o, v) => o.ForwardedAllowIps = v, new AddressRanges()),
        List("TRUSTED_HOSTS", nameof(CloudFunctionOptions.TrustedHosts), o => o.TrustedHosts, (o, v) => o.TrustedHosts = v, new HostPatterns()),
        Integer("MAX_CONCURRENT", nameof(CloudFunctionOptions.MaxConcurrent), o => o.MaxConcurrent, (o, v) => o.MaxConcurrent = v, 1, 100_000),
        Integer("WORKERS", nameof(CloudFunctionOptions.Workers), o => o.Workers, (o, v) => o.Workers = v, 1, 64),
        Integer("BACKLOG", nameof(CloudFunctionOptions.Backlog), o => o.Backlog, (o, v) => o.Backlog = v, 1, 65535),
        Duration(
            "TIMEOUT_KEEP_ALIVE", nameof(CloudFunctionOptions.KeepAliveTimeout), o => o.KeepAliveTimeout, (o, v) => o.KeepAliveTimeout = v, Above0),
        Duration(
            "TIMEOUT_GRACEFUL_SHUTDOWN",
            nameof(CloudFunctionOptions.GracefulShutdownTimeout),
            o => o.GracefulShutdownTimeout,
            (o, v) => o.GracefulShutdownTimeout = v,
            Above0),
        Duration("TIMEOUT_NOTIFY", nameof(CloudFunctionOptions.NotifyTimeout), o => o.NotifyTimeout, (o, v) => o.NotifyTimeout = v, Above0),
        Duration("CLEANUP_INTERVAL", nameof(CloudFunctionOptions.CleanupInterval), o => o.CleanupInterval, (o, v) => o.CleanupInterval = v, Above0),
        new Setting<LogLevel?>(
            "LOG_LEVEL",
            nameof(CloudFunctionOptions.LogLevel),
            o => o.LogLevel,
            (o, v) => o.LogLevel = v,
            SettingSyntax.TryParseLevel,
            new LevelName()),
        File("LOG_CFG", nameof(CloudFunctionOptions.LogConfigurationFile), o => o.LogConfigurationFile, (o, v) => o.LogConfigurationFile = v),
        Switch("ACCESS_LOG", nameof(CloudFunctionOptions.AccessLog), o => o.AccessLog, (o, v) => o.AccessLog = v),
        Switch("INVOCATION_LOG", nameof(CloudFunctionOptions.InvocationLog), o => o.InvocationLog, (o, v) => o.InvocationLog = v),
        Path("PROJECTS_DIR", nameof(CloudFunctionOptions.ProjectsDirectory), o => o.ProjectsDirectory, (o, v) => o.ProjectsDirectory = v),
        Path("DEPLOYMENTS_DIR", nameof(CloudFunctionOptions.DeploymentsDirectory), o => o.DeploymentsDirectory, (o, v) => o.DeploymentsDirectory = v),
        Path("DATA_DIR", nameof(CloudFunctionOptions.DataDirectory), o => o.DataDirectory, (o, v) => o.DataDirectory = v),
        Path("LOG_DIR", nameof(CloudFunctionOptions.LogDirectory), o => o.LogDirectory, (o, v) => o.LogDirectory = v),
        Path("CONFIG_DIR", nameof(CloudFunctionOptions.ConfigDirectory), o => o.ConfigDirectory, (o, v) => o.ConfigDirectory = v),
        Switch("ENV_INTERPOLATE", nameof(CloudFunctionOptions.EnvInterpolate), o => o.EnvInterpolate, (o, v) => o.EnvInterpolate = v),
        Duration("FUNCTION_TIMEOUT", nameof(CloudFunctionOptions.FunctionTimeout), o => o.FunctionTimeout, (o, v) => o.FunctionTimeout = v, Above0),
        Integer("MAX_QUEUE", nameof(CloudFunctionOptions.MaxQueue), o => o.MaxQueue, (o, v) => o.MaxQueue = v, 0, 1_000_000),
        Size("MAX_REQUEST_BYTES", nameof(CloudFunctionOptions.MaxRequestBytes), o => o.MaxRequestBytes, (o, v) => o.MaxRequestBytes = v, Payload),
        Size("MAX_RESPONSE_BYTES", nameof(CloudFunctionOptions.MaxResponseBytes), o => o.MaxResponseBytes, (o, v) => o.MaxResponseBytes = v, Payload),
        Size("MAX_UPLOAD_BYTES", nameof(CloudFunctionOptions.MaxUploadBytes), o => o.MaxUploadBytes, (o, v) => o.MaxUploadBytes = v, Payload),
        Integer("STANDBY_WORKERS", nameof(CloudFunctionOptions.StandbyWorkers), o => o.StandbyWorkers, (o, v) => o.StandbyWorkers = v, 0, 64),
        Duration(
            "WORKER_PING_TIMEOUT",
            nameof(CloudFunctionOptions.WorkerPingTimeout),
            o => o.WorkerPingTimeout,
            (o, v) => o.WorkerPingTimeout = v,
            Above0),
        new Setting<WorkerIsolation>(
            "ISOLATION",
            nameof(CloudFunctionOptions.Isolation),
            o => o.Isolation,
            (o, v) => o.Isolation = v,
            SettingSyntax.TryParseIsolation,
            new KnownIsolation()),
        Switch("WAIT_FOR_DEBUGGER", nameof(CloudFunctionOptions.WaitForDebugger), o => o.WaitForDebugger, (o, v) => o.WaitForDebugger = v),
        Duration("IDLE_TIMEOUT", nameof(CloudFunctionOptions.IdleTimeout), o => o.IdleTimeout, (o, v) => o.IdleTimeout = v, OrNever),
        Switch("WATCH_PROJECTS", nameof(CloudFunctionOptions.WatchProjects), o => o.WatchProjects, (o, v) => o.WatchProjects = v),
        Integer("KEEP_VERSIONS", nameof(CloudFunctionOptions.KeepVersions), o => o.KeepVersions, (o, v) => o.KeepVersions = v, 1, 1000),
        Integer("TASK_MAX_ATTEMPTS", nameof(CloudFunctionOptions.TaskMaxAttempts), o => o.TaskMaxAttempts, (o, v) => o.TaskMaxAttempts = v, 1, 100),
        Duration("TASK_RETENTION", nameof(CloudFunctionOptions.TaskRetention), o => o.TaskRetention, (o, v) => o.TaskRetention = v, Retention),
        new Setting<string>(
            "SCHEDULER_TIMEZONE",
            nameof(CloudFunctionOptions.SchedulerTimeZone),
            o => o.SchedulerTimeZone,
            (o, v) => o.SchedulerTimeZone = v,
            SettingSyntax.TryParseText,
            new TimeZoneName()),
        Secret(
            "CALLBACK_SECRET", nameof(CloudFunctionOptions.CallbackSecret), o => o.CallbackSecret, (o, v) => o.CallbackSecret = v, new CallbackKey()),
        Switch("CALLBACK_ALLOW_PRIVATE", nameof(
            CloudFunctionOptions.CallbackAllowPrivate), o => o.CallbackAllowPrivate, (o, v) => o.CallbackAllowPrivate = v),
        Secret("ADMIN_KEY", nameof(CloudFunctionOptions.AdminKey), o => o.AdminKey, (o, v) => o.AdminKey = v),
        new Setting<int?>(
            "MAX_CONNECTIONS",
            nameof(CloudFunctionOptions.MaxConnections),
            o => o.MaxConnections,
            (o, v) => o.MaxConnections = v,
            SettingSyntax.TryParseOptionalInteger,
            new OptionalIntegerRange(1, 1_000_000)),
        Size("MAX_HEADER_BYTES", nameof(CloudFunctionOptions.MaxHeaderBytes), o => o.MaxHeaderBytes, (o, v) => o.MaxHeaderBytes = v, Headers),
        Duration("BODY_IDLE_TIMEOUT", nameof(CloudFunctionOptions.BodyIdleTimeout), o => o.BodyIdleTimeout, (o, v) => o.BodyIdleTimeout = v, Above0),
        Duration("BODY_TIMEOUT", nameof(CloudFunctionOptions.BodyTimeout), o => o.BodyTimeout, (o, v) => o.BodyTimeout = v, Above0),
        Size("ANONYMOUS_STORE_BYTES", nameof(
            CloudFunctionOptions.AnonymousStoreBytes), o => o.AnonymousStoreBytes, (o, v) => o.AnonymousStoreBytes = v, Stored),
        List("ALLOWED_ORIGINS", nameof(CloudFunctionOptions.AllowedOrigins), o => o.AllowedOrigins, (o, v) => o.AllowedOrigins = v, new Origins()),
    ];

    /// <summary>The row with this name.</summary>
    public static Setting Get(string name) => All.Single(setting => setting.Name == name);

    private static Setting<int> Integer(
        string name, string property, Func<CloudFunctionOptions, int> get, Action<CloudFunctionOptions, int> set, int minimum, int maximum) =>
        new(name, property, get, set, SettingSyntax.TryParseInteger, new IntegerRange(minimum, maximum));

    private static Setting<TimeSpan> Duration(
        string name, string property, Func<CloudFunctionOptions, TimeSpan> get, Action<CloudFunctionOptions, TimeSpan> set, DurationRange range) =>
        new(name, property, get, set, SettingSyntax.TryParseDuration, range);

    private static Setting<long> Size(
        string name, string property, Func<CloudFunctionOptions, long> get, Action<CloudFunctionOptions, long> set, SizeRange range) =>
        new(name, property, get, set, SettingSyntax.TryParseSize, range);

    private static Setting<string> Path(
        string name, string property, Func<CloudFunctionOptions, string> get, Action<CloudFunctionOptions, string> set) =>
        new(name, property, get, set, SettingSyntax.TryParseText, Directory);

    private static Setting<string?> File(
        string name, string property, Func<CloudFunctionOptions, string?> get, Action<CloudFunctionOptions, string?> set) =>
        new(name, property, get, set, SettingSyntax.TryParseText!, AnyFile);

    private static Setting<string?> Secret(
        string name,
        string property,
        Func<CloudFunctionOptions, string?> get,
        Action<CloudFunctionOptions, string?> set,
        ISettingValidator<string?>? validator = null) =>
        new(name, property, get, set, SettingSyntax.TryParseText!, validator ?? new HeaderSafeSecret()) { IsSecret = true };

    private static Setting<bool> Switch(string name, string property, Func<CloudFunctionOptions, bool> get, Action<CloudFunctionOptions, bool> set) =>
        new(name, property, get, set, SettingSyntax.TryParseBoolean, TrueOrFalse);

    private static Setting<IReadOnlyList<string>> List(
        string name,
        string property,
        Func<CloudFunctionOptions, IReadOnlyList<string>> get,
        Action<CloudFunctionOptions, IReadOnlyList<string>> set,
        ISettingValidator<IReadOnlyList<string>> validator) =>
        new(name, property, get, set, SettingSyntax.TryParseList, validator);
}
