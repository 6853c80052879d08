using Hangfire;
using Hangfire.PostgreSql;
using SideBySide.Systems;

namespace TaskRates.Systems;

/// <summary>Hangfire as its documentation sets it up: one web app that takes jobs and runs them.</summary>
internal static class HangfireServer
{
    public static async Task<int> RunAsync(HangfireArguments arguments)
    {
        if (arguments.Workers is { } workers)
        {
            // Its client blocks the request's thread, and the pool grows by one or two a second: a user who tunes it comes to this.
            ThreadPool.SetMinThreads(2 * workers, 2 * workers);
        }

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhostV4(arguments.Port));
        builder.Services.AddHangfire(configuration =>
        {
            configuration.SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                .UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings();
            if (arguments.Connection is { } connection)
            {
                configuration.UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(connection), Storage(arguments));
            }
            else
            {
                configuration.UseInMemoryStorage();
            }
        });
        builder.Services.AddHangfireServer(server => server.WorkerCount = arguments.Workers ?? server.WorkerCount);

        var app = builder.Build();
        app.MapPost("/empty", (IBackgroundJobClient jobs) => Accepted(jobs.Enqueue(() => HangfireJobs.Empty())));
        app.MapPost("/stamp", (IBackgroundJobClient jobs) => Accepted(jobs.Enqueue(() => HangfireJobs.Stamp(null))));
        app.MapGet("/starts/{id}", (string id) => new StartAnswer(HangfireJobs.StartOf(id)));
        app.MapGet("/counts", (JobStorage storage) => CountsAnswer.Of(storage.GetMonitoringApi()));
        app.StopWithParent();
        await app.RunAsync();
        return 0;
    }

    private static IResult Accepted(string id) => Results.Json(new AcceptedAnswer(id), statusCode: StatusCodes.Status202Accepted);

    // Long polling is PostgreSQL's LISTEN: a poll often enough to matter would be as many queries as there are workers, each time.
    private static PostgreSqlStorageOptions Storage(HangfireArguments arguments) =>
        arguments.Workers is null ? new() : new() { EnableLongPolling = true };
}
