using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore;

/// <summary>Marks that <c>AddCloudFunctions</c> was called.</summary>
internal sealed class FrontEndMarker
{
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public static void Require(IServiceProvider services, string caller)
    {
        if (services.GetService<FrontEndMarker>() is null)
        {
            throw new InvalidOperationException(
                $"{caller} needs the function runtime: call builder.Services.AddCloudFunctions() before the app is built.");
        }
    }
}
