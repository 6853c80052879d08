using System.Buffers;
using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>What a callback contains: the kind of event, its time and, as the API shows it, the task without its payload; its result where that
/// is small and JSON.</summary>
internal sealed class CallbackContent(ITaskOperations tasks) : ICallbackContent
{
    // Receivers of webhooks take less than a megabyte as a rule; who needs more reads the task.
    private const int MaxResultBytes = 256 << 10;

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(TaskId task, CancellationToken cancellationToken) =>
        await tasks.FindAsync(task, cancellationToken).ConfigureAwait(false) is { } found && found.Summary.Status.IsFinal()
            ? Write(found, await ReadResultAsync(found.Result ?? StoredValue.Empty, cancellationToken).ConfigureAwait(false))
            : null;

    // Null where it is left out.
    private static async ValueTask<ReadOnlyMemory<byte>?> ReadResultAsync(StoredValue result, CancellationToken cancellationToken)
    {
        if (result.Length > MaxResultBytes)
        {
            return null;
        }

        var bytes = await result.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        using var value = await TaskValue.OpenAsync(bytes, cancellationToken).ConfigureAwait(false);
        return value.Form is ValueForm.None or ValueForm.Json ? bytes : default(ReadOnlyMemory<byte>?);
    }

    private static ReadOnlyMemory<byte> Write(FunctionTask task, ReadOnlyMemory<byte>? result)
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
            WriteResult(json, result);
            json.WritePropertyName("error"u8);
            TaskErrorJson.Write(
                json, summary.Error, task.Attempts is [.., { Outcome: { } outcome } last] && last.Error == summary.Error ? outcome : null);
            TaskJson.WriteAttempts(json, task.Attempts);
            TaskJson.WriteTerms(json, summary);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return buffer.WrittenMemory;
    }

    private static void WriteResult(Utf8JsonWriter json, ReadOnlyMemory<byte>? result)
    {
        json.WritePropertyName("result"u8);
        if (result is { IsEmpty: false } whole)
        {
            json.WriteRawValue(whole.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteNullValue();
        }

        if (result is null)
        {
            json.WriteBoolean("result_omitted"u8, true);
        }
    }
}
