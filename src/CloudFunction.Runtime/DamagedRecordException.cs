namespace CloudFunction.Runtime;

/// <summary>A file of the catalog of deployments is there and holds nothing that the host has written: what was in it is not known. The message names
/// the file and what an operator can do.</summary>
internal sealed class DamagedRecordException(string path, Exception? innerException = null) : IOException(
    $"'{path}' is damaged: deploy the project, or roll it back to a version by its number, which records anew what serves.", innerException);
