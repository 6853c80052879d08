namespace CloudFunction.Runtime.Deployments;

/// <summary>Where a deployment came from, as its manifest has it.</summary>
internal static class DeploymentSource
{
    /// <summary>The project's folder.</summary>
    public const string Folder = "folder";

    /// <summary>An archive that took the folder's place.</summary>
    public const string Upload = "upload";

    /// <summary>A single function that was added to the folder, replaced or removed there.</summary>
    public const string Function = "function";
}
