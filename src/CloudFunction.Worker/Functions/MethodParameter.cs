namespace CloudFunction.Worker.Functions;

/// <summary>What one parameter of a function's method is filled with.</summary>
/// <param name="Role">Where it comes from.</param>
/// <param name="Service">The service, where it comes from there.</param>
internal sealed record MethodParameter(ParameterRole Role, ConstructorParameter? Service = null);
