using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction;

/// <summary>How payloads and results become objects and JSON. Change them in <see cref="IFunctionStartup"/> with
/// <c>services.Configure&lt;FunctionJsonOptions&gt;(o => …)</c>; they are fixed once the project has loaded.</summary>
public sealed class FunctionJsonOptions
{
    /// <summary>Web defaults (camelCase, case-insensitive, numbers also from strings), with nullability and required constructor parameters
    /// respected, duplicate properties refused, and text kept as it is rather than escaped. Types are read by reflection: a context that the compiler
    /// generates is put before that with <c>TypeInfoResolverChain.Insert(0, …)</c>.</summary>
    public JsonSerializerOptions SerializerOptions { get; set; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault ? new DefaultJsonTypeInfoResolver() : null,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
