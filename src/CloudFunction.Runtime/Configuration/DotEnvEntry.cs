namespace CloudFunction.Runtime.Configuration;

/// <summary>One variable of a <c>.env</c> file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; may be empty and may have several lines.</param>
/// <param name="Line">Where it begins, from 1.</param>
internal sealed record DotEnvEntry(string Name, string Value, int Line);
