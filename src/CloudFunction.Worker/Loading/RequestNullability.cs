using System.Reflection;
using System.Text.Json;

namespace CloudFunction.Worker.Loading;

/// <summary>Whether a function takes null, and so an empty body.</summary>
/// <remarks>
/// For a reference type the answer is the annotation on the first parameter of the method that implements the interface, or of the
/// method that is the function, which is what the function's own code was compiled against. The annotation in the class's list of
/// interfaces is the same, or the compiler warns, but reflection does not show attributes of an interface implementation. Code without
/// annotations counts as not taking null.
/// </remarks>
internal static class RequestNullability
{
    /// <summary>The parameter of a function's method that gets the request.</summary>
    public static ParameterInfo ParameterOf(Type function, Type implemented) =>
        function.GetInterfaceMap(implemented).TargetMethods[0].GetParameters()[0];

    /// <summary>Whether null reaches this parameter.</summary>
    public static bool AcceptsNull(ParameterInfo request) => request.ParameterType.IsValueType
        ? AcceptsNull(request.ParameterType)
        : new NullabilityInfoContext().Create(request).WriteState == NullabilityState.Nullable;

    private static bool AcceptsNull(Type valueType) => valueType == typeof(JsonElement) || Nullable.GetUnderlyingType(valueType) is not null;
}
