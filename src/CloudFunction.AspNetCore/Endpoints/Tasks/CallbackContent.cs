using System.Buffers;
using System.Text.Json;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>What a callback says: the kind of event, its time and, as the API shows it, the task without its payload; its result where that is small and JSON.</summary>
internal sealed class CallbackContent(ITaskOperations tasks) : ICallbackContent
{
    // Receivers of webhooks take less than a megabyte as a rule; who needs more reads the task.
    private const int MaxResultBytes = 256 << 10;

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(TaskId task, CancellationToken cancellationToken) =>
        await tasks.FindAsync(task, cancellationToken).ConfigureAwait(false) is { Summary.Status: >= FunctionTaskStatus.Completed } found ? Write(found) : null;

    private static ReadOnlyMemory<byte> Write(FunctionTask task)
    {
        var summary = task.Summary;
        var buffer = new ArrayBufferWriter<byte>();
        JsonResponse.Write(buffer, task, (json, _) =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, $"task.{TaskStatusName.Of(summary.Status)}");
            json.WriteString("timestamp"u8, UtcTimestamp.ToText(summary.UpdatedAt));
            json.WriteStartObject("data"u8);
            TaskJson.WriteNames(json, summary);
            json.WriteString("status"u8, TaskStatusName.Of(summary.Status));
            WriteResult(json, task.Result ?? default);
            json.WritePropertyName("error"u8);
            TaskErrorJson.Write(json, summary.Error, task.Attempts is [.., { Outcome: { } outcome } last] && last.Error == summary.Error ? outcome : null);
            TaskJson.WriteAttempts(json, task.Attempts);
            TaskJson.WriteTerms(json, summary);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return buffer.WrittenMemory;
    }

    private static void WriteResult(Utf8JsonWriter json, ReadOnlyMemory<byte> result)
    {
        var isLeftOut = result.Length > MaxResultBytes || (!result.IsEmpty && !OpaqueJson.IsValid(result.Span));
        json.WritePropertyName("result"u8);
        if (result.IsEmpty || isLeftOut)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(result.Span, skipInputValidation: true);
        }

        if (isLeftOut)
        {
            json.WriteBoolean("result_omitted"u8, true);
        }
    }
}
