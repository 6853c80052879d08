using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>What is answered where something was done with a task.</summary>
internal static class TaskAnswer
{
    public static Task WriteAsync(HttpContext context, int status, TaskId id, string message) =>
        JsonResponse.WriteAsync(context, status, (id, message), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteString("task_id"u8, state.id.ToString());
            json.WriteString("message"u8, state.message);
            json.WriteEndObject();
        });
}
