namespace CloudFunction.Runtime.Projects;

/// <summary>A change of what a project's folder holds, prepared and not made yet.</summary>
internal interface IFolderChange
{
    /// <summary>Makes it; it is on disk once this returns.</summary>
    /// <exception cref="IOException">It cannot be made; the folder is what it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    void Commit();

    /// <summary>Takes it back. Nothing happens where it was not made.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    void Rollback();
}
