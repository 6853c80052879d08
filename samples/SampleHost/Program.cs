using CloudFunction.Runtime.Configuration;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = RepositoryRoot() });
builder.AddCloudFunctionServer();
builder.Services.AddCloudFunctions();

var app = builder.Build();
app.MapCloudFunctions();
app.Lifetime.ApplicationStarted.Register(() =>
{
    var address = app.Services.GetRequiredService<CloudFunctionOptions>().ServerUrl?.OriginalString.TrimEnd('/')
        ?? app.Urls.First().Replace("//0.0.0.0:", "//localhost:").Replace("//[::]:", "//localhost:");
    Console.WriteLine($$"""
        CloudFunction listens on {{string.Join(", ", app.Urls)}}. With the sample project hello in its projects folder, try:
        curl {{address}}/api/v1/functions/hello/greet/invoke -H 'Content-Type: application/json' -d '{"name":"Ada"}'
        """);
});
app.Run();

// So that .env, projects/ and logs/ are the repository's own, from wherever the host is started.
static string RepositoryRoot()
{
    for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
    {
        if (File.Exists(Path.Combine(directory.FullName, "CloudFunction.sln")))
        {
            return directory.FullName;
        }
    }

    return Directory.GetCurrentDirectory();
}
