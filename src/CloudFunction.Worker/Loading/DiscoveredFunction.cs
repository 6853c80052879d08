using CloudFunction.Protocol.Messages;

namespace CloudFunction.Worker.Loading;

/// <summary>A class or a method that is a function, before anything of the project's has run.</summary>
/// <param name="Type">The class.</param>
/// <param name="Interface">The one function interface that it implements, or <see langword="null"/> where a method is the function.</param>
/// <param name="Method">The method that is the function, or <see langword="null"/>.</param>
/// <param name="Name">A valid name, unique in the deployment.</param>
/// <param name="Attribute">What its author has set; a new attribute where there is none.</param>
/// <param name="Schedules">When the author wants it to run.</param>
internal sealed record DiscoveredFunction(
    Type Type, Type? Interface, MethodSignature? Method, string Name, FunctionAttribute Attribute, IReadOnlyList<ScheduleAttribute> Schedules)
{
    /// <summary>Where it is, as its author knows it.</summary>
    public string Place => Method is null ? Type.FullName! : $"{Type.FullName}.{Method.Method.Name}";

    /// <summary>How it is called.</summary>
    public FunctionKind Kind =>
        Method?.Kind
        ?? (Interface == typeof(IHttpFunction) ? FunctionKind.Http
            : Interface!.IsGenericType && Interface.GetGenericTypeDefinition() == typeof(IStreamingFunction<,>) ? FunctionKind.Streaming
            : FunctionKind.Unary);
}
