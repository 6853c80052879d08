namespace FaultyFunctions;

/// <param name="Id">Begins the names of the markers.</param>
/// <param name="Count">How many.</param>
/// <param name="Bytes">How long the text of each is.</param>
/// <param name="FailAt">After how many it fails; 0 for never.</param>
/// <param name="Milliseconds">The pause after each.</param>
public sealed record ItemsRequest(string Id, int Count, int Bytes = 0, int FailAt = 0, int Milliseconds = 0);
