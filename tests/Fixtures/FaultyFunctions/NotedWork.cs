namespace FaultyFunctions;

/// <param name="Id">Which work it is, in the notes.</param>
/// <param name="Milliseconds">How long the first attempt takes; the others take no time.</param>
/// <param name="Failing">How many attempts fail.</param>
public sealed record NotedWork(string Id, int Milliseconds, int Failing = 0);
