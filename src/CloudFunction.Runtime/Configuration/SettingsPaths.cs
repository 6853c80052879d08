namespace CloudFunction.Runtime.Configuration;

/// <summary>Makes the paths that settings name absolute.</summary>
internal static class SettingsPaths
{
    /// <summary>The settings that name them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "PROJECTS_DIR", "DEPLOYMENTS_DIR", "DATA_DIR", "LOG_DIR", "CONFIG_DIR", "SSL_KEYFILE", "SSL_CERTFILE", "SSL_CA_CERTS", "LOG_CFG",
    ];

    /// <summary>Those that are relative are below the content root.</summary>
    public static void Resolve(CloudFunctionOptions options, string contentRoot)
    {
        options.ProjectsDirectory = ResolveDirectory(options.ProjectsDirectory);
        options.DeploymentsDirectory = ResolveDirectory(options.DeploymentsDirectory);
        options.DataDirectory = ResolveDirectory(options.DataDirectory);
        options.LogDirectory = ResolveDirectory(options.LogDirectory);
        options.ConfigDirectory = ResolveDirectory(options.ConfigDirectory);
        options.SslKeyFile = ResolveFile(options.SslKeyFile);
        options.SslCertificateFile = ResolveFile(options.SslCertificateFile);
        options.SslCaCertificatesFile = ResolveFile(options.SslCaCertificatesFile);
        options.LogConfigurationFile = ResolveFile(options.LogConfigurationFile);

        string ResolveDirectory(string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory, contentRoot));

        string? ResolveFile(string? file) => file is null ? null : Path.GetFullPath(file, contentRoot);
    }
}
