using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Tests.Hosting;

public sealed class AddCloudFunctionsTests
{
    [Fact]
    public void Add_Options_AreInForceAndDirectoriesBelowTheContentRoot()
    {
        var builder = WebApplication.CreateBuilder();

        builder.Services.AddCloudFunctions(static options => options.MaxQueue = 5);

        using var provider = builder.Services.BuildServiceProvider();
        var settings = provider.GetRequiredService<ServerSettings>();
        Assert.Equal(5, settings.Options.MaxQueue);
        Assert.Equal(Path.Combine(builder.Environment.ContentRootPath, "projects"), settings.Options.ProjectsDirectory);
    }

    [Fact]
    public void Add_SecondCallWithoutOptions_ChangesNothing()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddCloudFunctions();
        var count = builder.Services.Count;

        builder.Services.AddCloudFunctions();

        Assert.Equal(count, builder.Services.Count);
    }

    [Fact]
    public void Add_SecondCallWithOptions_IsRefused()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddCloudFunctions();

        Assert.Throws<InvalidOperationException>(() => builder.Services.AddCloudFunctions(static options => options.MaxQueue = 5));
    }
}
