namespace StreamFunctions;

/// <summary>What <see cref="Stamps"/> is to stream.</summary>
/// <param name="Count">How many items.</param>
/// <param name="PauseMilliseconds">How long it waits behind the first.</param>
/// <param name="PaddingLength">How many characters each carries beside its numbers.</param>
public sealed record StampsRequest(int Count, int PauseMilliseconds, int PaddingLength);
