using CloudFunction.Runtime.Deployments;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudFunction.Runtime.Tests.Deployments;

/// <summary>Staged versions below a folder, and what they are made of in tests.</summary>
internal static class TestStaging
{
    /// <summary>As a host opens it.</summary>
    public static StagedDeployments Open(string root) => Open(root, new FileDeploymentCatalog(root, NullLogger<FileDeploymentCatalog>.Instance));

    /// <summary>With another catalog.</summary>
    public static StagedDeployments Open(
        string root, IDeploymentCatalog catalog, ILogger<StagedDeployments>? logger = null, ILogger<DeploymentFiles>? filesLogger = null) => new(
        catalog, new DeploymentFiles(root, filesLogger ?? NullLogger<DeploymentFiles>.Instance), logger ?? NullLogger<StagedDeployments>.Instance);

    /// <summary>The manifest of a version that no worker has loaded yet.</summary>
    public static DeploymentManifest Manifest(int version, string? fingerprint = null) =>
        new(version, DateTimeOffset.UnixEpoch, fingerprint ?? "f" + version, Contents(), Functions: null);

    /// <summary>What a published project consists of.</summary>
    public static DeploymentContents Contents() => new("Greetings.dll", "net10.0", ["A==1"], false, null, null, null);
}
