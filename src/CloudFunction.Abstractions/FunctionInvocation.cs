namespace CloudFunction;

/// <summary>An invocation, as a middleware gets it. It serves one invocation and is not to be kept beyond it.</summary>
public abstract class FunctionInvocation
{
    /// <summary>What the function itself gets to know about the invocation.</summary>
    public abstract FunctionContext Context { get; }

    /// <summary>
    /// The request that the function gets: of its request type, a <see cref="System.Text.Json.JsonElement"/> where it takes any JSON or none, a
    /// <see cref="FunctionHttpContext"/> where it is an HTTP function. What is set before the function runs has to be of that type.
    /// </summary>
    /// <exception cref="ArgumentException">What is set is of another type, or is null where the type has no null.</exception>
    public abstract object? Request { get; set; }

    /// <summary>
    /// The result: null until the function has run, then what it returned. What it holds when the outermost middleware ends is serialized.
    /// A function that streams or speaks HTTP has none: its items and bytes have left by then, and what is set is ignored.
    /// </summary>
    /// <exception cref="ArgumentException">What is set is not of the function's result type, or is null where the type has no null.</exception>
    public abstract object? Response { get; set; }
}
