using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Configuration;

/// <summary>
/// Every setting of the runtime that is in force. Each is also set by a variable, named below, in the process environment (alone or after
/// <c>CLOUDFUNCTION_</c>), in the <c>.env</c> file at the content root, or in the configuration section <c>CloudFunction</c>; what
/// code sets here wins. Values out of range end the start with a <see cref="SettingsException"/>. Not thread safe; changes after
/// the start have no effect.
/// </summary>
public sealed class CloudFunctionOptions
{
    /// <summary>The default of <see cref="SchedulerTimeZone"/>.</summary>
    internal const string DefaultSchedulerTimeZone = "Asia/Shanghai";

    /// <summary>The address that the server listens on (<c>HOST</c>): an IP address, or a name, of which every address that it resolves to
    /// at start is listened on. Default <c>0.0.0.0</c>, all of IPv4. Once HOST or PORT is set they beat ASPNETCORE_URLS, which beats the
    /// defaults. In force only where the host is a CloudFunction server.</summary>
    public string Host { get; set; } = "0.0.0.0";

    /// <summary>The port that the server listens on (<c>PORT</c>), 0 to 65535; 0 takes any free one and prints it. Default 8080. See
    /// <see cref="Host"/>.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>The base of the absolute URLs that the host hands out (<c>SERVER_URL</c>): an absolute <c>http</c> or <c>https</c> URL without user,
    /// query and fragment, as callers reach the host. Default null: references are relative. The Host header is never used in its place.</summary>
    public Uri? ServerUrl { get; set; }

    /// <summary>Whether the server speaks TLS, and nothing else, on <see cref="Host"/> and <see cref="Port"/> (<c>SSL_ENABLED</c>).
    /// Default false. Needs <see cref="SslKeyFile"/> and <see cref="SslCertificateFile"/>. In force only where the host is a
    /// CloudFunction server.</summary>
    public bool SslEnabled { get; set; }

    /// <summary>The file with the certificate's private key (<c>SSL_KEYFILE</c>), absolute or below the content root: PEM, PKCS#8, PKCS#1 or EC, not
    /// encrypted. Default null. Picked up anew when it changes. Absolute once the host runs.</summary>
    public string? SslKeyFile { get; set; }

    /// <summary>The file with the server's certificate (<c>SSL_CERTFILE</c>), absolute or below the content root: PEM, the certificate
    /// first, then those that lead to its root, all of which clients are sent. Default null. Picked up anew when it changes. Absolute once
    /// the host runs.</summary>
    public string? SslCertificateFile { get; set; }

    /// <summary>A file with the certificates of authorities (<c>SSL_CA_CERTS</c>), PEM, absolute or below the content root: clients must then show a
    /// certificate that one of them vouches for. Default null: clients need none. Picked up anew when it changes. Absolute once
    /// the host runs.</summary>
    public string? SslCaCertificatesFile { get; set; }

    /// <summary>Whether <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> of the peers in <see cref="ForwardedAllowIps"/> are believed
    /// (<c>PROXY_HEADERS</c>). Default true. In force only where the host is a CloudFunction server.</summary>
    public bool ProxyHeaders { get; set; } = true;

    /// <summary>The peers whose forwarding headers are believed (<c>FORWARDED_ALLOW_IPS</c>): IP addresses, CIDR ranges such as <c>10.0.0.0/8</c>, or
    /// <c>*</c> for any. Default <c>*</c>. See <see cref="ProxyHeaders"/>.</summary>
    public IReadOnlyList<string> ForwardedAllowIps { get; set; } = ["*"];

    /// <summary>The hosts that requests may be for (<c>TRUSTED_HOSTS</c>), without port: names, <c>*.example.com</c> for every name below one, IP
    /// addresses, or <c>*</c> for any. Default <c>*</c>. Others get 400, but for <c>/health*</c>. In force only where the host is a
    /// CloudFunction server.</summary>
    public IReadOnlyList<string> TrustedHosts { get; set; } = ["*"];

    /// <summary>How many connections may wait to be accepted (<c>BACKLOG</c>), 1 to 65535; the operating system may allow fewer. Default 2048.
    /// In force only where the host is a CloudFunction server.</summary>
    public int Backlog { get; set; } = 2048;

    /// <summary>After how long an idle HTTP connection is closed (<c>TIMEOUT_KEEP_ALIVE</c>), 1 ms to 24 days. Default 5 seconds.
    /// In force only where the host is a CloudFunction server.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running calls may finish on shutdown, stop and delete before they are cancelled (<c>TIMEOUT_GRACEFUL_SHUTDOWN</c>),
    /// 1 ms to 24 days. Default 10 seconds.</summary>
    public TimeSpan GracefulShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the host waits for a worker to be ready, and a call for a free place or a ready worker (<c>TIMEOUT_NOTIFY</c>),
    /// 1 ms to 24 days. Default 30 seconds.</summary>
    public TimeSpan NotifyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often what is no longer needed is cleared away (<c>CLEANUP_INTERVAL</c>): versions beyond <see cref="KeepVersions"/>,
    /// folders and files that an interrupted run left. 1 ms to 24 days. Default 300 seconds.</summary>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>From which level on the host and the projects log (<c>LOG_LEVEL</c>): debug, info, warning, error or critical. Default
    /// null: as the file <see cref="LogConfigurationFile"/> says. Set, it replaces the levels of that file's loggers; those of its
    /// handlers stay.</summary>
    public LogLevel? LogLevel { get; set; }

    /// <summary>The file that sets what is logged where (<c>LOG_CFG</c>), absolute or below the content root; it must exist. Default null:
    /// <c>logging_config.yaml</c> in <see cref="ConfigDirectory"/>, where there is one. Absolute once the host runs.</summary>
    public string? LogConfigurationFile { get; set; }

    /// <summary>Whether each HTTP request is logged (<c>ACCESS_LOG</c>). Default true. In force only where the host is a
    /// CloudFunction server.</summary>
    public bool AccessLog { get; set; } = true;

    /// <summary>Whether each invocation is logged in its project's log (<c>INVOCATION_LOG</c>). Default true.</summary>
    public bool InvocationLog { get; set; } = true;

    /// <summary>How long one invocation may take, from its dispatch, where its function names no limit (<c>FUNCTION_TIMEOUT</c>), 1 ms to
    /// 24 days. Default 300 seconds. A caller can only shorten it.</summary>
    public TimeSpan FunctionTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How many invocations of one project run at once (<c>MAX_CONCURRENT</c>), over all its workers, 1 to 100,000. Default 10.
    /// Others wait: see <see cref="MaxQueue"/>.</summary>
    public int MaxConcurrent { get; set; } = 10;

    /// <summary>How many worker processes each project has (<c>WORKERS</c>), 1 to 64. Default 1.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>How many calls of one project may wait (<c>MAX_QUEUE</c>), 0 to 1,000,000; beyond it they are turned away with 503. Default 1000.
    /// With 0, so is every call that cannot run at once.</summary>
    public int MaxQueue { get; set; } = 1000;

    /// <summary>The largest payload of a call, in bytes (<c>MAX_REQUEST_BYTES</c>), 1 KB to 2047 MB; a larger one gets 413. Default 30 MB.</summary>
    public long MaxRequestBytes { get; set; } = 30L << 20;

    /// <summary>The largest result of a call, in bytes (<c>MAX_RESPONSE_BYTES</c>), 1 KB to 2047 MB; a larger one fails the call.
    /// Default 100 MB.</summary>
    public long MaxResponseBytes { get; set; } = 100L << 20;

    /// <summary>The largest upload of a deployment, in bytes as it is sent (<c>MAX_UPLOAD_BYTES</c>), 1 KB to 2047 MB; a larger one gets
    /// 413. Default 200 MB. An archive may unpack to five times as much.</summary>
    public long MaxUploadBytes { get; set; } = 200L << 20;

    /// <summary>How many started workers that have loaded no deployment yet are kept for the next one that is needed
    /// (<c>STANDBY_WORKERS</c>), 0 to 64. Default 1. With 0, every start of a worker takes as long as that of a process.</summary>
    public int StandbyWorkers { get; set; } = 1;

    /// <summary>A worker that answers no ping for so long is killed and replaced (<c>WORKER_PING_TIMEOUT</c>), 1 ms to 24 days.
    /// Default 10 seconds.</summary>
    public TimeSpan WorkerPingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What stands between projects and the host (<c>ISOLATION</c>): <c>process</c> or <c>none</c>. Default <c>process</c>. With none, for
    /// debugging alone, projects run in the host's own process: whatever ends or blocks it takes all of them along, no function can be killed, and
    /// <see cref="StandbyWorkers"/> has no meaning.</summary>
    public WorkerIsolation Isolation { get; set; }

    /// <summary>Whether workers wait for a debugger before they load their project (<c>WAIT_FOR_DEBUGGER</c>). Default false. The log names
    /// the process to attach to; until somebody does, deploys and calls wait, and neither <see cref="NotifyTimeout"/> nor
    /// <see cref="WorkerPingTimeout"/> ends the worker.</summary>
    public bool WaitForDebugger { get; set; }

    /// <summary>After how long without a call a project's workers stop (<c>IDLE_TIMEOUT</c>), up to 24 days; the next call starts them again.
    /// Default zero: never.</summary>
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>The directory with a folder for each project (<c>PROJECTS_DIR</c>), absolute or below the content root; made where it is missing.
    /// Default <c>projects</c>. Outside <see cref="DeploymentsDirectory"/>. Absolute once the host runs.</summary>
    public string ProjectsDirectory { get; set; } = "projects";

    /// <summary>The directory where deployments are staged (<c>DEPLOYMENTS_DIR</c>), absolute or below the content root; made where it is
    /// missing, and writable. Default <c>deployments</c>. Outside <see cref="ProjectsDirectory"/>. Absolute once the host runs.</summary>
    public string DeploymentsDirectory { get; set; } = "deployments";

    /// <summary>The directory for all else that outlives the host (<c>DATA_DIR</c>), absolute or below the content root; made where it is
    /// missing, and writable. Default <c>data</c>. Outside the other two. Absolute once the host runs.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>The directory for log files (<c>LOG_DIR</c>), absolute or below the content root; made where it is missing, and writable. Default
    /// <c>logs</c>. Outside <see cref="ProjectsDirectory"/> and <see cref="DeploymentsDirectory"/>. Absolute once the host runs.</summary>
    public string LogDirectory { get; set; } = "logs";

    /// <summary>The directory with the files that set how the host works (<c>CONFIG_DIR</c>), absolute or below the content root; made
    /// where it is missing. Default <c>config</c>. Outside <see cref="ProjectsDirectory"/> and <see cref="DeploymentsDirectory"/>. Absolute
    /// once the host runs.</summary>
    public string ConfigDirectory { get; set; } = "config";

    /// <summary>Whether <c>${NAME}</c> and <c>${NAME:-default}</c> in <c>.env</c> files are replaced as python-dotenv does
    /// (<c>ENV_INTERPOLATE</c>). Default false: they are text, and warned of outside of single quotes. Set in code, it counts for what projects
    /// get; the settings in the host's own <c>.env</c> have been read by then.</summary>
    public bool EnvInterpolate { get; set; }

    /// <summary>Whether a change in <see cref="ProjectsDirectory"/> is deployed by itself (<c>WATCH_PROJECTS</c>). Default true. Without
    /// it, a folder is deployed at the host's start, at its project's start and restart, and when it is asked for.</summary>
    public bool WatchProjects { get; set; } = true;

    /// <summary>How many versions of a project are kept for a rollback (<c>KEEP_VERSIONS</c>), 1 to 1000; those that serve are kept beyond
    /// it. Default 5.</summary>
    public int KeepVersions { get; set; } = 5;

    /// <summary>How many attempts a task gets (<c>TASK_MAX_ATTEMPTS</c>), where neither its caller nor its function sets them, 1 to
    /// 100. Default 3.</summary>
    public int TaskMaxAttempts { get; set; } = 3;

    /// <summary>How long a finished task, and the outcome stored under an Idempotency-Key, is kept (<c>TASK_RETENTION</c>), 1 ms to 3650
    /// days. Default 7 days. What is older goes with the next <see cref="CleanupInterval"/>.</summary>
    public TimeSpan TaskRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The time zone of the schedules that name none (<c>SCHEDULER_TIMEZONE</c>): a name of the IANA
    /// database, or one of the machine's own. Default <c>Asia/Shanghai</c>.</summary>
    public string SchedulerTimeZone { get; set; } = DefaultSchedulerTimeZone;

    /// <summary>The key of the signatures of callbacks (<c>CALLBACK_SECRET</c>), up to 1024 printable ASCII characters without spaces:
    /// <c>whsec_</c> and the key in Base64, or else a text whose bytes are the key. Default null: they are not signed. It is never logged
    /// and never reaches a project.</summary>
    public string? CallbackSecret { get; set; }

    /// <summary>Whether callbacks may go to loopback, private and link-local addresses (<c>CALLBACK_ALLOW_PRIVATE</c>). Default false.</summary>
    public bool CallbackAllowPrivate { get; set; }

    /// <summary>The key that management calls must show (<c>ADMIN_KEY</c>), up to 1024 printable ASCII characters without spaces. Default
    /// null: there is none, and management answers to direct local callers alone. It is never logged and never reaches a project.</summary>
    public string? AdminKey { get; set; }

    /// <summary>How many connections the server has open at once (<c>MAX_CONNECTIONS</c>), 1 to 1,000,000. Default null: the lesser of
    /// 20,000 and what the process's limit of file descriptors leaves after all else that the host needs; a greater number is cut down to
    /// that. In force only where the host is a CloudFunction server.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>The largest headers of one request, in bytes together (<c>MAX_HEADER_BYTES</c>), 4 KB to 1 MB; larger ones get 431. Default
    /// 32 KB. In force only where the host is a CloudFunction server.</summary>
    public long MaxHeaderBytes { get; set; } = 32L << 10;

    /// <summary>How long a body may stand still (<c>BODY_IDLE_TIMEOUT</c>), 1 ms to 24 days: a request's without a byte coming, an answer's
    /// without a byte going out while there is something to send. Then the request gets 408 or, where its answer has begun, the connection
    /// is cut. Default 15 seconds.</summary>
    public TimeSpan BodyIdleTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the first 8 MB of a request's body, or of an answer that is no stream, may take altogether (<c>BODY_TIMEOUT</c>),
    /// 1 ms to 24 days; each further 128 KB add 1 second. Streams and the answers of HTTP functions have <see cref="BodyIdleTimeout"/> and
    /// the call's own deadline. Default 120 seconds.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>How many bytes the tasks and the stored answers of callers without identity may take together
    /// (<c>ANONYMOUS_STORE_BYTES</c>), 0 to 1024 GB; those of one project a quarter of it. What goes beyond gets 503. Default 1 GB. Direct
    /// local callers are not anonymous.</summary>
    public long AnonymousStoreBytes { get; set; } = 1L << 30;

    /// <summary>The web sites whose pages may call the host from a browser (<c>ALLOWED_ORIGINS</c>, CORS): origins such as
    /// <c>https://app.example.com</c>, or <c>*</c> for any, then without credentials. Default none. In force only where the host is a CloudFunction
    /// server.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Another object with the same values.</summary>
    internal CloudFunctionOptions Clone() => (CloudFunctionOptions)MemberwiseClone();
}
