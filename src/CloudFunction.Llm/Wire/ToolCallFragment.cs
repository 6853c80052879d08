namespace CloudFunction.Llm.Wire;

/// <summary>A part of a tool call as it came: what is missing, empty or of another kind is <see langword="null"/>.</summary>
internal readonly record struct ToolCallFragment(long? Index, string? Id, string? Name, string? Arguments);
