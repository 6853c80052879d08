namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Says that <c>AddCloudFunctionServer</c> was called.</summary>
internal sealed class ServerMarker;
