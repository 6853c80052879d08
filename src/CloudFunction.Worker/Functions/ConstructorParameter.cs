using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Functions;

/// <summary>One thing that a function's constructor asks for.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">The service's type.</param>
/// <param name="Key">The service's key, or <see langword="null"/>.</param>
/// <param name="HasDefault">Whether <paramref name="Default"/> stands in for a service that is not registered.</param>
/// <param name="Default">The parameter's default value.</param>
internal sealed record ConstructorParameter(string Name, Type Type, object? Key, bool HasDefault, object? Default)
{
    /// <summary>The service, or the default value.</summary>
    /// <exception cref="InvalidOperationException">There is neither.</exception>
    public object? Resolve(IServiceProvider services)
    {
        if (HasDefault)
        {
            return (Key is null ? services.GetService(Type) : (services as IKeyedServiceProvider)?.GetKeyedService(Type, Key)) ?? Default;
        }

        return Key is null ? services.GetRequiredService(Type) : services.GetRequiredKeyedService(Type, Key);
    }
}
