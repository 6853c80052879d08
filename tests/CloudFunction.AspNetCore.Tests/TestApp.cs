using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Tests;

/// <summary>An app on real Kestrel, on a free loopback port, with fakes in the runtime's place.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    public const string GreetPath = "/api/v1/functions/hello/greet/invoke";

    private TestApp(
        WebApplication app,
        FakeRuntime runtime,
        FakeOperations operations,
        FakeRouter router,
        FakeTasks tasks,
        FakeIdempotency idempotency,
        LogLines log)
    {
        (App, Runtime, Operations, Router, Tasks, Idempotency, Log) = (app, runtime, operations, router, tasks, idempotency, log);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public WebApplication App { get; }

    public FakeRuntime Runtime { get; }

    public FakeOperations Operations { get; }

    public FakeRouter Router { get; }

    public FakeTasks Tasks { get; }

    public FakeIdempotency Idempotency { get; }

    public required FakeSchedules Schedules { get; init; }

    public LogLines Log { get; }

    public HttpClient Client { get; }

    /// <summary>Builds an app that is not started.</summary>
    public static WebApplication Build(
        Action<CloudFunctionOptions>? options = null,
        Action<WebApplicationBuilder>? services = null,
        string[]? setVariables = null,
        FakeRuntime? runtime = null,
        FakeRouter? router = null,
        LogLines? log = null,
        string[]? systemVariables = null,
        FakeOperations? operations = null,
        FakeTasks? tasks = null,
        FakeIdempotency? idempotency = null,
        FakeSchedules? schedules = null)
    {
        var values = new CloudFunctionOptions();
        options?.Invoke(values);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log ?? new LogLines());
        builder.Services.AddSingleton(new ServerSettings(values, name => setVariables?.Contains(name) == true
            || (name == "HOST" && values.Host != "0.0.0.0")
            || (name == "PORT" && values.Port != 8080), systemVariables ?? []));
        builder.Services.AddSingleton(DescriptorPlan.Make(values));
        builder.Services.AddSingleton(new HostBodies(values, maxOpenFiles: 200, TimeProvider.System));
        builder.Services.AddSingleton<IFunctionRuntime>(runtime ?? new FakeRuntime());
        builder.Services.AddSingleton<IProjectOperations>(operations ?? new FakeOperations());
        builder.Services.AddSingleton<IInvocationRouter>(router ?? new FakeRouter());
        builder.Services.AddSingleton<ITaskOperations>(tasks ?? new FakeTasks());
        builder.Services.AddSingleton<IScheduleOperations>(schedules ?? new FakeSchedules());
        builder.Services.AddSingleton(StoreOwner.New());
        builder.Services.AddSingleton<IIdempotencyStore>(idempotency ?? new FakeIdempotency());
        builder.Services.AddFrontEnd();
        services?.Invoke(builder);
        return builder.Build();
    }

    public static async Task<TestApp> StartAsync(
        Action<CloudFunctionOptions>? options = null,
        Action<WebApplicationBuilder>? services = null,
        Action<WebApplication>? routes = null,
        string[]? setVariables = null,
        string[]? systemVariables = null)
    {
        var (runtime, operations, router, log) = (new FakeRuntime(), new FakeOperations(), new FakeRouter(), new LogLines());
        var (tasks, idempotency, schedules) = (new FakeTasks(), new FakeIdempotency(), new FakeSchedules());
        var app = Build(options, services, setVariables, runtime, router, log, systemVariables, operations, tasks, idempotency, schedules);
        if (routes is null)
        {
            app.MapCloudFunctions();
        }
        else
        {
            routes(app);
        }

        await app.StartAsync();
        return new TestApp(app, runtime, operations, router, tasks, idempotency, log) { Schedules = schedules };
    }

    /// <summary>Posts JSON to <c>hello/greet</c>.</summary>
    public Task<HttpResponseMessage> InvokeAsync(string body = "{}", string query = "", string? contentType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return Client.PostAsync(GreetPath + query, content);
    }

    /// <summary>Posts JSON to <c>hello/greet</c> with an Idempotency-Key.</summary>
    public Task<HttpResponseMessage> InvokeKeyedAsync(string body, string key, string query = "", CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, GreetPath + query)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", key);
        return Client.SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a request exactly as written (its head, without the empty line) and gives the whole answer.</summary>
    public async Task<string> SendRawAsync(string head)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port, bound.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\nConnection: close\r\n\r\n"), bound.Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(bound.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
