using System.ComponentModel;
using System.Numerics;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace CloudFunction.Worker.Functions;

/// <summary>Makes JSON Schemas from the types of a function, with the texts of their <see cref="DescriptionAttribute"/>s.</summary>
internal static class SchemaWriter
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSchemaExporterOptions NullAllowed = new() { TransformSchemaNode = Describe };

    // The exporter cannot know the nullability of a root that is a reference type, and would allow null.
    private static readonly JsonSchemaExporterOptions NullRefused = new() { TransformSchemaNode = Describe, TreatNullObliviousAsNonNullable = true };

    private static readonly JsonSchemaExporterOptions OfResult = new()
    {
        TransformSchemaNode = static (context, schema) => Describe(context, NumbersAsWritten(context, schema)),
        TreatNullObliviousAsNonNullable = true,
    };

    /// <summary>The schema as UTF-8; <c>{}</c> for <see langword="null"/>, for types that take any JSON, and for types that
    /// cannot be described.</summary>
    public static byte[] Write(Type? type, bool acceptsNull, JsonSerializerOptions options) =>
        Write(type, acceptsNull ? NullAllowed : NullRefused, options);

    /// <summary>That of what is written: a number that may be read from a string is written as one nevertheless.</summary>
    public static byte[] WriteOfResult(Type? type, JsonSerializerOptions options) => Write(type, OfResult, options);

    private static byte[] Write(Type? type, JsonSchemaExporterOptions exporter, JsonSerializerOptions options)
    {
        if (type is null)
        {
            return "{}"u8.ToArray();
        }

        JsonNode node;
        try
        {
            node = options.GetJsonSchemaAsNode(type, exporter);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // Some settings (such as reference preservation) have no schema. A function without a schema still works.
            return "{}"u8.ToArray();
        }

        if (node is not JsonObject)
        {
            // The exporter writes "anything" as `true`; tools that show schemas expect an object.
            return "{}"u8.ToArray();
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            node.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var text = context.PropertyInfo is { } property
            ? TextOf(property.AttributeProvider) ?? TextOf(property.AssociatedParameter?.AttributeProvider) ?? TextOf(context.TypeInfo.Type)
            : TextOf(context.TypeInfo.Type);
        if (text is null)
        {
            return schema;
        }

        if (schema is not JsonObject described)
        {
            // `true` and `false` cannot carry a text.
            described = schema.GetValueKind() is JsonValueKind.False ? new JsonObject { ["not"] = true } : [];
        }

        described.Insert(0, "description", text);
        return described;
    }

    private static JsonNode NumbersAsWritten(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (schema is not JsonObject { } described || described["type"] is not JsonArray kinds || !Array.Exists(type.GetInterfaces(), IsNumber))
        {
            return schema;
        }

        var handling = context.PropertyInfo?.NumberHandling ?? context.TypeInfo.NumberHandling ?? context.TypeInfo.Options.NumberHandling;
        var unwritten = (handling & JsonNumberHandling.WriteAsString) != 0 ? new[] { "integer", "number" } : ["string"];
        JsonNode[] written = [.. kinds.Select(kind => (string)kind!).Except(unwritten).Select(kind => (JsonNode)kind)];
        if (!written.Any(kind => (string?)kind == "string"))
        {
            described.Remove("pattern");
        }

        described["type"] = written is [var only] ? only : new JsonArray(written);
        return described;
    }

    private static bool IsNumber(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(INumberBase<>);

    private static string? TextOf(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute { Description.Length: > 0 } attribute, ..]
            ? attribute.Description
            : null;
}
