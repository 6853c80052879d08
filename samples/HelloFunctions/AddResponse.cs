namespace HelloFunctions;

/// <param name="Sum">Both together.</param>
public sealed record AddResponse(decimal Sum);
