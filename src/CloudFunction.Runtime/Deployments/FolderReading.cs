namespace CloudFunction.Runtime.Deployments;

/// <summary>What a project's folder held when it was read.</summary>
/// <param name="Fingerprint">What a deployment of it would have as its <see cref="DeploymentManifest.Fingerprint"/>.</param>
/// <param name="Contents">The hash of its files.</param>
/// <param name="Stamp">Differs once any of its files may have changed; null where that is not known without reading them again.</param>
internal sealed record FolderReading(string Fingerprint, string Contents, string? Stamp);
