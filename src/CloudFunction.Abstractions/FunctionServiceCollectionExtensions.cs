using System.Diagnostics.CodeAnalysis;
using CloudFunction;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what a project adds to its functions.</summary>
public static class FunctionServiceCollectionExtensions
{
    /// <summary>Runs <typeparamref name="TMiddleware"/> around every invocation of every function of the project, inside of those
    /// added before it.</summary>
    /// <typeparam name="TMiddleware">Made anew for each invocation, from the invocation's service scope, and disposed of with it.</typeparam>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddFunctionMiddleware<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(this IServiceCollection services)
        where TMiddleware : class, IFunctionMiddleware
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddScoped<IFunctionMiddleware, TMiddleware>();
    }
}
