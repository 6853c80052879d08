namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Marks that <c>AddCloudFunctionServer</c> was called.</summary>
internal sealed class ServerMarker;
