namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>How what is read here goes with what the old system reads.</summary>
internal enum OldFileResult
{
    /// <summary>It is the same.</summary>
    Same,

    /// <summary>It is something else, with a warning.</summary>
    Warned,

    /// <summary>It is something else without a warning.</summary>
    Quiet,

    /// <summary>It is an error here.</summary>
    Refused,

    /// <summary>It is an error there alone.</summary>
    Wider,
}
