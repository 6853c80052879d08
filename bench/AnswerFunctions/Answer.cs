using System.Text.Json;
using CloudFunction;

namespace AnswerFunctions;

/// <summary>
/// Answers with two texts of its deployment's folder, one read when it is loaded and one read at each call: were a deployment ever to run from a
/// folder that is half another version's, the answer would show it.
/// </summary>
[Function("answer")]
public sealed class Answer : IFunction
{
    private static readonly string First = Read("first.txt");

    public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(First + Read("second.txt"));

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name));
}
