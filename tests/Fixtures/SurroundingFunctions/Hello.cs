using System.Globalization;
using System.Resources;
using CloudFunction;

namespace SurroundingFunctions;

/// <summary>Says hello in the language that is asked for.</summary>
public sealed class Hello : IFunction<string, string>
{
    private static readonly ResourceManager Texts = new("SurroundingFunctions.Texts", typeof(Hello).Assembly);

    public ValueTask<string> InvokeAsync(string request, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Texts.GetString("Hello", CultureInfo.GetCultureInfo(request))!);
}
