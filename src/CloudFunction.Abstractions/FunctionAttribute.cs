namespace CloudFunction;

/// <summary>
/// On a class that implements a function interface: names the function and sets its limits; without it the function is named after its class.
/// On a public method of any other public class: makes the method a function.
/// </summary>
/// <remarks>
/// A method takes at most one request, and beside it, in any order, the <see cref="FunctionContext"/>, a <see cref="CancellationToken"/> and services
/// marked with <see cref="FromServicesAttribute"/> or <c>FromKeyedServices</c>. It returns a result, a task of one, nothing, or an
/// <see cref="IAsyncEnumerable{T}"/>, which makes it a streaming function. One that takes a <see cref="FunctionHttpContext"/> is an HTTP function.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class FunctionAttribute : Attribute
{
    /// <summary>Leaves the name to the class, its name less a trailing <c>Function</c>, or to the method, its name less a trailing <c>Async</c> or
    /// <c>Function</c>; either in kebab case.</summary>
    public FunctionAttribute()
    {
    }

    /// <summary>Names the function.</summary>
    /// <param name="name">1 to 63 of <c>a-z 0-9 _ -</c>, beginning with a letter or digit, and no device name of Windows.
    /// Any other name refuses the deployment.</param>
    public FunctionAttribute(string name) => Name = name;

    /// <summary>The function's name, or <see langword="null"/> where the class or method names it.</summary>
    public string? Name { get; }

    /// <summary>What the function does, for people and for models that choose among functions. Default: none.</summary>
    public string? Description { get; set; }

    /// <summary>How long one invocation may take, in seconds from its dispatch; fractions are allowed. Default 0: the host's
    /// FUNCTION_TIMEOUT. A caller may shorten it, never lengthen it.</summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>How many invocations of this function run at once, over all workers and versions. Default 0: as many as the project's
    /// MAX_CONCURRENT allows. A call that waits for it holds none of the project's places.</summary>
    public int MaxConcurrent { get; set; }

    /// <summary>How often a queued invocation is tried before it has failed. Default 0: the host's TASK_MAX_ATTEMPTS.
    /// A synchronous invocation is tried once.</summary>
    public int MaxAttempts { get; set; }
}
