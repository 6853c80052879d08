using System.Text.Json.Serialization;
using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
        services.Configure<FunctionJsonOptions>(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
}

public enum Kind
{
    BigOne,
}

public class G
{
    [Function("k")]
    public Kind K(Kind k) => k;
}
