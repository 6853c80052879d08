using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Writes what stands in a YAML file as JSON, as YAML 1.2's core schema reads it: quoted values are text; plain ones may be
/// numbers, true, false or null. Numbers keep their digits.</summary>
internal static class YamlJson
{
    // For functions and for people to read, never within a page: all characters as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON of a node, in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Write(YamlNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, node);
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(key.Value);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                Write(writer, (YamlText)node);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, YamlText text)
    {
        if (text.IsPlain && YamlVersions.JsonOf(text.Value) is { } json)
        {
            writer.WriteRawValue(json);
        }
        else
        {
            writer.WriteStringValue(text.Value);
        }
    }
}
