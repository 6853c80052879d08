namespace CloudFunction;

/// <summary>Has a parameter of a function's method filled from the invocation's services rather than from the request.</summary>
/// <remarks>A service that nothing registers refuses the deployment, unless the parameter has a default value. The attribute of the same
/// name of ASP.NET Core does the same here.</remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;
