namespace CloudFunction.Runtime.Configuration;

/// <summary>One variable of a <c>.env</c> file.</summary>
internal sealed record DotEnvEntry(string Name, string Value, int Line);
