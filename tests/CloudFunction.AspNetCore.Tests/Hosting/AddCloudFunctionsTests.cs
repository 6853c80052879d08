using CloudFunction.AspNetCore.Hosting;
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

        var settings = Assert.IsType<ServerSettings>(
            Assert.Single(builder.Services, static descriptor => descriptor.ServiceType == typeof(ServerSettings)).ImplementationInstance);
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

    [Fact]
    public void Add_ServicesOfNoHost_SaysWhereToCallIt()
    {
        var exception = Assert.Throws<InvalidOperationException>(static () => new ServiceCollection().AddCloudFunctions());

        Assert.Contains("WebApplication.CreateBuilder", exception.Message, StringComparison.Ordinal);
    }
}
