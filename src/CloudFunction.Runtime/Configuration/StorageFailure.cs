namespace CloudFunction.Runtime.Configuration;

/// <summary>What an I/O error comes from, without a path of the machine's.</summary>
/// <param name="Fault">Why.</param>
/// <param name="Setting">The setting that names the folder, such as <c>DATA_DIR</c>; null where it is none of the host's folders.</param>
/// <param name="Path">The file or folder, relative to that folder (with no setting, to the host's own) and with <c>/</c> between
/// names; null where the error names none.</param>
internal sealed record StorageFailure(StorageFault Fault, string? Setting, string? Path)
{
    /// <summary>The setting, or what stands in its place where there is none.</summary>
    public string Folder => Setting ?? "the host";
}
