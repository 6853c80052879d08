namespace CloudFunction.Runtime.Invocations;

/// <summary>How the response of an HTTP function begins.</summary>
/// <param name="Status">The HTTP status, 200 to 599.</param>
/// <param name="Headers">Names and values, in order; a name may come more than once.</param>
internal sealed record HttpHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers);
