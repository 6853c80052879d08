using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Functions;

/// <summary>What all functions of a loaded project share. Immutable.</summary>
internal sealed class ProjectContext
{
    /// <summary>Which project and version, and where its files lie.</summary>
    public required ProjectSettings Settings { get; init; }

    /// <summary>The project's <c>appsettings.json</c>, overlaid by its environment.</summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>Whether middleware runs around the functions.</summary>
    public required bool HasMiddleware { get; init; }

    /// <summary>Opens an invocation's service scope.</summary>
    public required IServiceScopeFactory Scopes { get; init; }

    /// <summary>The project's own logger, <c>cloudfunction.projects.&lt;project&gt;</c>.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>How payloads and results become objects and JSON. Read-only by now.</summary>
    public required JsonSerializerOptions Json { get; init; }

    /// <summary>Serializes results by <see cref="Json"/>.</summary>
    public required ResultSerializer Results { get; init; }

    /// <summary>Serializes items likewise, each on one line.</summary>
    public required ResultSerializer Lines { get; init; }

    /// <summary>Binds payloads for a function with a request type.</summary>
    public PayloadBinder<TRequest> BinderOf<TRequest>(FunctionDescriptor descriptor) =>
        new(TypeOf<TRequest>(), descriptor.AcceptsNull, hasPath: true, descriptor.RequestParameter);

    /// <summary>Binds payloads for a function that takes any JSON, an empty body included.</summary>
    public PayloadBinder<JsonElement> BinderOfAny() =>
        new(TypeOf<JsonElement>(), acceptsNull: true, hasPath: false);

    // A function that takes any JSON names no type, so that a resolver with the project's own types alone need not know this one.
    private JsonTypeInfo<TRequest> TypeOf<TRequest>() =>
        typeof(TRequest) == typeof(JsonElement) && !Json.TryGetTypeInfo(typeof(JsonElement), out _)
            ? (JsonTypeInfo<TRequest>)(JsonTypeInfo)JsonMetadataServices.CreateValueInfo<JsonElement>(Json, JsonMetadataServices.JsonElementConverter)
            : (JsonTypeInfo<TRequest>)Json.GetTypeInfo(typeof(TRequest));
}
