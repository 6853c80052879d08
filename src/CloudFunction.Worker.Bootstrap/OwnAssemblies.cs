namespace CloudFunction.Worker.Bootstrap;

/// <summary>The assemblies that make up the worker itself. The core's copies are the only ones that count: a function's context, for
/// example, is a class of the core's that has to implement all that its Abstractions asks for.</summary>
internal static class OwnAssemblies
{
    /// <summary>Whether <paramref name="simpleName"/> is one of them.</summary>
    public static bool Contains(string simpleName) =>
        simpleName is "CloudFunction.Abstractions" or "CloudFunction.Protocol" or "CloudFunction.Worker";
}
