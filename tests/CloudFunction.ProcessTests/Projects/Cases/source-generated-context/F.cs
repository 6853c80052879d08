using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

public record In(string A);

[JsonSerializable(typeof(In))]
[JsonSerializable(typeof(string))]
public partial class Context : JsonSerializerContext;

public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
        services.Configure<FunctionJsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, Context.Default));
}

public class F
{
    [Function("now")]
    public string Now() => "x";

    [Function("named")]
    public string Named(In request) => request.A;

    [Function("unknown-to-the-context")]
    public int[] Unknown(Dictionary<string, int> request) => [.. request.Values];
}
