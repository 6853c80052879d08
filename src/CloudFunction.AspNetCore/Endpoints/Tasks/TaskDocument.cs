using System.Buffers;
using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>The answer with one task. Its payload and its result, which may be large, are sent in pieces as they are read, and
/// never held whole.</summary>
internal sealed class TaskDocument
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<(int At, TaskValue Value)> _values = [];

    private TaskDocument(FunctionTask task, TaskValue payload, TaskValue result) =>
        JsonResponse.Write(_buffer, task, (json, written) => Write(json, written, payload, result));

    /// <summary>Answers with it.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted meanwhile; nothing was answered.</exception>
    public static async Task WriteAsync(HttpContext context, FunctionTask task)
    {
        var cancellationToken = context.RequestAborted;
        using var payload = await TaskValue.OpenAsync(task.Payload, cancellationToken).ConfigureAwait(false);
        using var result = await TaskValue.OpenAsync(task.Result, cancellationToken).ConfigureAwait(false);
        var document = new TaskDocument(task, payload, result);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = JsonResponse.ContentType;
        response.Headers.CacheControl = "no-store";
        response.ContentLength = document.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await document.WriteAsync(PiecedBody.Begin(context), cancellationToken).ConfigureAwait(false);
        }
    }

    // Where a value goes, the buffer has one character in its place.
    private long? Length => _values.Aggregate((long?)_buffer.WrittenCount, static (sum, value) => sum - 1 + value.Value.Length);

    private async Task WriteAsync(PiecedBody body, CancellationToken cancellationToken)
    {
        var start = 0;
        foreach (var (at, value) in _values)
        {
            await body.WriteAsync(_buffer.WrittenMemory[start..at]).ConfigureAwait(false);
            await value.WriteAsync(body, cancellationToken).ConfigureAwait(false);
            start = at + 1;
        }

        await body.WriteAsync(_buffer.WrittenMemory[start..]).ConfigureAwait(false);
        await body.CompleteAsync().ConfigureAwait(false);
    }

    private void Write(Utf8JsonWriter json, FunctionTask task, TaskValue payload, TaskValue result)
    {
        var summary = task.Summary;
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WriteStartObject("task"u8);
        TaskJson.WriteNames(json, summary);
        WriteValue(json, "payload", payload);
        json.WriteString("status"u8, TaskStatusName.Of(summary.Status));
        WriteValue(json, "result", result);
        json.WritePropertyName("error"u8);
        TaskErrorJson.Write(
            json, summary.Error, task.Attempts is [.., { Outcome: { } outcome } last] && last.Error == summary.Error ? outcome : null);
        TaskJson.WriteAttempts(json, task.Attempts);
        TaskJson.WriteTerms(json, summary);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // What is no JSON stands as text or, where it is none either, in Base64, and is marked as such.
    private void WriteValue(Utf8JsonWriter json, string name, TaskValue value)
    {
        json.WritePropertyName(name);
        if (value.Form == ValueForm.None)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteRawValue("0"u8, skipInputValidation: true);
        json.Flush();
        _values.Add((_buffer.WrittenCount - 1, value));
        if (value.Form != ValueForm.Json)
        {
            json.WriteString(name + "_encoding", value.Form == ValueForm.Text ? "text" : "base64");
        }
    }
}
