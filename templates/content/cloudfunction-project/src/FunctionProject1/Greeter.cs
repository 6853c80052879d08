using Microsoft.Extensions.Configuration;

namespace FunctionNamespace1;

/// <summary>Finds the words for the time of day.</summary>
public sealed class Greeter(TimeProvider time, IConfiguration configuration)
{
    public string Greet(string name) => $"{(time.GetUtcNow().Hour < 12 ? "Good morning" : configuration["Greeting"])}, {name}!";
}
