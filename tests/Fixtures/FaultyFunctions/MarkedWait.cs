namespace FaultyFunctions;

/// <param name="Id">Begins the names of the markers.</param>
/// <param name="Milliseconds">How long.</param>
public sealed record MarkedWait(string Id, int Milliseconds);
