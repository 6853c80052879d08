namespace CloudFunction.Runtime.Projects;

/// <summary>Why an operation on a project is refused.</summary>
internal enum ProjectErrorCode
{
    /// <summary>There is no such project.</summary>
    ProjectNotFound,

    /// <summary>The project has no such function.</summary>
    FunctionNotFound,

    /// <summary>The project has no such version.</summary>
    VersionNotFound,

    /// <summary>A parameter is wrong.</summary>
    Invalid,

    /// <summary>An upload is wrong: not an archive, an entry of it that is refused, code that does not define its function.</summary>
    BadUpload,

    /// <summary>An upload is larger than MAX_UPLOAD_BYTES.</summary>
    TooLarge,

    /// <summary>An environment would be wrong.</summary>
    EnvironmentError,

    /// <summary>The project's state does not allow it.</summary>
    Conflict,

    /// <summary>The host does as many of these as it can; later it may be possible.</summary>
    Busy,
}
