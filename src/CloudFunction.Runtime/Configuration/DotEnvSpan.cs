namespace CloudFunction.Runtime.Configuration;

/// <summary>Where a variable stands in the text of a <c>.env</c> file, in the parser's own positions.</summary>
/// <param name="Name">Without <c>export</c> before it.</param>
/// <param name="Value">The value that it sets.</param>
/// <param name="Start">Where its first line begins.</param>
/// <param name="ValueStart">Where its value begins, quotes included; behind the <c>=</c> where it has none.</param>
/// <param name="ValueEnd">Where its value ends, quotes included.</param>
/// <param name="End">Where the line after it begins.</param>
internal readonly record struct DotEnvSpan(string Name, string Value, int Start, int ValueStart, int ValueEnd, int End);
