using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Writes results as JSON by a project's options. Thread safe.</summary>
internal sealed class ResultSerializer
{
    // JsonSerializer's own limit where the options set none.
    private const int UnsetMaxDepth = 64;

    // A writer is taken out of the slot while it is in use and put back only after a success: a converter that calls another function on
    // this thread finds the slot empty and makes its own, and a writer that broke is dropped. It is never held across an await.
    [ThreadStatic]
    private static Utf8JsonWriter? _spare;

    // The slot belongs to the thread, the writer's options to a project: tests load several in one process.
    [ThreadStatic]
    private static ResultSerializer? _spareOwner;

    private readonly JsonWriterOptions _options;

    /// <param name="options">The project's.</param>
    /// <param name="onOneLine">Whether nothing is indented, whatever the options are.</param>
    public ResultSerializer(JsonSerializerOptions options, bool onOneLine = false) => _options = new JsonWriterOptions
    {
        Encoder = options.Encoder,
        Indented = options.WriteIndented && !onOneLine,
        IndentCharacter = options.IndentCharacter,
        IndentSize = options.IndentSize,
        NewLine = options.NewLine,
        MaxDepth = options.MaxDepth == 0 ? UnsetMaxDepth : options.MaxDepth,

        // The host writes its envelope around these bytes unread: a converter that writes half a value must fail here.
        SkipValidation = false,
    };

    /// <summary>Writes <paramref name="value"/> whole.</summary>
    /// <exception cref="Exception">Whatever the types, their converters or <paramref name="output"/> throw; a part may have been written.</exception>
    public void Serialize<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> type)
    {
        var writer = Take(output);
        JsonSerializer.Serialize(writer, value, type);
        writer.Flush();
        if (writer.CurrentDepth != 0 || writer.BytesCommitted == 0)
        {
            throw new JsonException("A converter has written no whole JSON value.");
        }

        // Reset to nothing, so that a thread at rest holds on to no result.
        writer.Reset(NoOutput.Instance);
        _spare = writer;
        _spareOwner = this;
    }

    private Utf8JsonWriter Take(IBufferWriter<byte> output)
    {
        var writer = _spare;
        if (writer is null || !ReferenceEquals(_spareOwner, this))
        {
            return new Utf8JsonWriter(output, _options);
        }

        _spare = null;
        writer.Reset(output);
        return writer;
    }
}
