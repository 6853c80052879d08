namespace SurroundingFunctions;

/// <summary>The values asked for, from two sides, and the names of all variables.</summary>
public sealed record VariablesResponse(Dictionary<string, string?> Managed, Dictionary<string, string?> Native, string[] Names);
