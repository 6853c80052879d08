using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Http;
using CloudFunction.AspNetCore.Endpoints.Idempotency;
using CloudFunction.AspNetCore.Endpoints.Invoke;
using CloudFunction.AspNetCore.Endpoints.Projects;
using CloudFunction.AspNetCore.Endpoints.Routes;
using CloudFunction.AspNetCore.Endpoints.Schedules;
using CloudFunction.AspNetCore.Endpoints.Status;
using CloudFunction.AspNetCore.Endpoints.Streaming;
using CloudFunction.AspNetCore.Endpoints.Tasks;
using CloudFunction.AspNetCore.Security;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>The front end's own services. They need the runtime's and a <see cref="ServerSettings"/>.</summary>
internal static class FrontEndRegistration
{
    public static IServiceCollection AddFrontEnd(this IServiceCollection services)
    {
        services.AddRouting();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FrontEndMarker>();
        services.AddSingleton<ManagementAccess>();
        services.AddSingleton<ManagementGuard>();
        services.AddSingleton<CallerIdentity>();
        services.AddSingleton<FailureDisclosure>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<ApiErrorBoundary>();
        services.AddSingleton<TransferWatch>();
        services.AddSingleton<BodyReceiver>();
        services.AddSingleton<ResultRelay>();
        services.AddSingleton<ItemResponse>();
        services.AddSingleton(static provider => new StorageFolders(
            provider.GetRequiredService<ServerSettings>().Options, provider.GetRequiredService<IHostEnvironment>().ContentRootPath));
        services.AddSingleton<KeyedCalls>();
        services.AddSingleton<KeyedResults>();
        services.AddSingleton<KeyedInvocation>();
        services.AddSingleton<EnqueueEndpoint>();
        services.AddSingleton<InvokeEndpoint>();
        services.AddSingleton<HttpFunctionEndpoint>();
        services.AddSingleton<TaskEndpoints>();
        services.AddSingleton<ICallbackContent, CallbackContent>();
        services.AddSingleton<ScheduleEndpoints>();
        services.AddSingleton<StatusEndpoints>();
        services.AddSingleton<ProjectEndpoints>();
        services.AddSingleton<DeployEndpoints>();
        services.AddSingleton<FunctionEndpoints>();
        services.AddSingleton<FunctionDeployEndpoints>();
        services.AddSingleton<DependencyEndpoints>();
        services.AddSingleton<EnvironmentEndpoints>();
        services.AddHostedService<ServerSettingsNotice>();
        return services;
    }
}
