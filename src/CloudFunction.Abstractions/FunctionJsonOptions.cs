using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudFunction;

/// <summary>How payloads and results become objects and JSON. Change them in <see cref="IFunctionStartup"/> with
/// <c>services.Configure&lt;FunctionJsonOptions&gt;(o => …)</c>; they are fixed once the project has loaded.</summary>
public sealed class FunctionJsonOptions
{
    /// <summary>Web defaults (camelCase, case-insensitive, numbers also from strings), with nullability and required constructor parameters
    /// respected, duplicate properties refused, and text kept as it is rather than escaped.</summary>
    public JsonSerializerOptions SerializerOptions { get; set; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
