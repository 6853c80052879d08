using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>The answer with one task. Its payload and its result, which may be large, are sent as they lie in memory and copied nowhere.</summary>
internal sealed class TaskDocument
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<(int At, ReadOnlyMemory<byte> Value)> _values = [];

    private TaskDocument(FunctionTask task) => JsonResponse.Write(_buffer, task, Write);

    /// <summary>Answers with it.</summary>
    public static async Task WriteAsync(HttpContext context, FunctionTask task)
    {
        var document = new TaskDocument(task);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = JsonResponse.ContentType;
        response.Headers.CacheControl = "no-store";
        response.ContentLength = document.Parts().Sum(static part => (long)part.Length);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        foreach (var part in document.Parts())
        {
            await response.Body.WriteAsync(part, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // Where a value of the task's goes, the buffer has one character in its place.
    private IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        var start = 0;
        foreach (var (at, value) in _values)
        {
            yield return _buffer.WrittenMemory[start..at];
            yield return value;
            start = at + 1;
        }

        yield return _buffer.WrittenMemory[start..];
    }

    private void Write(Utf8JsonWriter json, FunctionTask task)
    {
        var summary = task.Summary;
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WriteStartObject("task"u8);
        TaskJson.WriteNames(json, summary);
        WriteValue(json, "payload", task.Payload);
        json.WriteString("status"u8, TaskStatusName.Of(summary.Status));
        WriteValue(json, "result", task.Result ?? default);
        json.WritePropertyName("error"u8);
        TaskErrorJson.Write(json, summary.Error, task.Attempts is [.., { Outcome: { } outcome } last] && last.Error == summary.Error ? outcome : null);
        TaskJson.WriteAttempts(json, task.Attempts);
        TaskJson.WriteTerms(json, summary);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // What is no JSON stands as text or, where it is none either, in Base64, and says so.
    private void WriteValue(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty)
        {
            json.WriteNullValue();
        }
        else if (OpaqueJson.IsValid(value.Span))
        {
            json.WriteRawValue("0"u8, skipInputValidation: true);
            json.Flush();
            _values.Add((_buffer.WrittenCount - 1, value));
        }
        else
        {
            var isText = Utf8.IsValid(value.Span);
            json.WriteStringValue(isText ? Encoding.UTF8.GetString(value.Span) : Convert.ToBase64String(value.Span));
            json.WriteString(name + "_encoding", isText ? "text" : "base64");
        }
    }
}
