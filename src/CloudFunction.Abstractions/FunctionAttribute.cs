namespace CloudFunction;

/// <summary>Names a function and sets its limits. Without it a function is named after its class.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FunctionAttribute : Attribute
{
    /// <summary>Leaves the name to the class: its name less a trailing <c>Function</c>, in kebab case.</summary>
    public FunctionAttribute()
    {
    }

    /// <summary>Names the function.</summary>
    /// <param name="name">1 to 63 of <c>a-z 0-9 _ -</c>, beginning with a letter or digit, and no device name of Windows.
    /// Any other name refuses the deployment.</param>
    public FunctionAttribute(string name) => Name = name;

    /// <summary>The function's name, or <see langword="null"/> where the class names it.</summary>
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
