namespace CloudFunction.Runtime.Configuration;

/// <summary>Every setting of the runtime that is in force.</summary>
public sealed class CloudFunctionOptions
{
    /// <summary>HOST.</summary>
    public string Host { get; set; } = "0.0.0.0";

    /// <summary>PORT.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>BACKLOG.</summary>
    public int Backlog { get; set; } = 2048;

    /// <summary>TIMEOUT_KEEP_ALIVE.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    public TimeSpan GracefulShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>TIMEOUT_NOTIFY.</summary>
    public TimeSpan NotifyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>FUNCTION_TIMEOUT.</summary>
    public TimeSpan FunctionTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>MAX_CONCURRENT.</summary>
    public int MaxConcurrent { get; set; } = 10;

    /// <summary>WORKERS.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>MAX_QUEUE.</summary>
    public int MaxQueue { get; set; } = 1000;

    /// <summary>MAX_REQUEST_BYTES.</summary>
    public long MaxRequestBytes { get; set; } = 30L << 20;

    /// <summary>MAX_RESPONSE_BYTES.</summary>
    public long MaxResponseBytes { get; set; } = 100L << 20;

    /// <summary>STANDBY_WORKERS.</summary>
    public int StandbyWorkers { get; set; } = 1;

    /// <summary>WORKER_PING_TIMEOUT.</summary>
    public TimeSpan WorkerPingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>IDLE_TIMEOUT; zero is never.</summary>
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>PROJECTS_DIR; absolute once the options are built.</summary>
    public string ProjectsDirectory { get; set; } = "projects";

    /// <summary>DEPLOYMENTS_DIR; absolute once the options are built.</summary>
    public string DeploymentsDirectory { get; set; } = "deployments";

    /// <summary>DATA_DIR; absolute once the options are built.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>KEEP_VERSIONS.</summary>
    public int KeepVersions { get; set; } = 5;

    /// <summary>ADMIN_KEY; null for none.</summary>
    public string? AdminKey { get; set; }
}
