namespace FaultyFunctions;

/// <param name="Number">Counts from 1.</param>
/// <param name="Text">As long as was asked for.</param>
public sealed record Item(int Number, string Text);
