using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>An answer as a provider sends it, and what a function gets of it, from a file below <c>Exchanges</c>.</summary>
/// <param name="Rule">The rule that it needs: the file's name.</param>
/// <param name="Streams">Whether it was asked for as a stream.</param>
/// <param name="Title">What is odd about it.</param>
/// <param name="Body">The answer's body.</param>
/// <param name="Expected">What it means, as <see cref="Describe"/> writes it.</param>
public sealed record Exchange(string Rule, bool Streams, string Title, string Body, string Expected)
{
    private const string Separator = "=== ";

    private static readonly string Folder = Path.Combine(
        typeof(Exchange).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TestDirectory").Value!, "Wire", "Exchanges");

    public static IReadOnlyList<Exchange> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>The JSON in it: one piece, or one for each event.</summary>
    public IEnumerable<string> Pieces => Body.StartsWith('{') ? [Body]
        : Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..]).Where(e => e != "[DONE]");

    public override string ToString() => $"{Rule}, {(Streams ? "stream" : "whole")}: {Title}";

    /// <summary>The answer on lines: its text, thoughts, calls, reason to end, tokens, id and model, where it has them.</summary>
    public static string Describe(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(m => m.Contents).ToArray();
        var thoughts = string.Concat(contents.OfType<TextReasoningContent>().Select(t => t.Text));
        string?[] lines =
        [
            response.Text.Length > 0 ? $"text: {response.Text}" : null,
            thoughts.Length > 0 ? $"reasoning: {thoughts}" : null,
            .. contents.OfType<FunctionCallContent>().Select(call =>
                $"call: {(call.CallId.StartsWith("call_", StringComparison.Ordinal) && call.CallId.Length > 30 ? "*" : call.CallId)} "
                + $"{call.Name}({(call.Exception is null ? JsonSerializer.Serialize(call.Arguments) : call.Exception.Message)})"),
            .. contents.OfType<ErrorContent>().Select(error => $"error: {error.Message}"),
            response.Messages is [{ Role: var role }] && role == ChatRole.Assistant
                ? null
                : $"messages: {string.Join(' ', response.Messages.Select(m => m.Role))}",
            $"finish: {response.FinishReason?.Value ?? "none"}",
            response.Usage is { } usage ? $"usage: {usage.InputTokenCount} in, {usage.OutputTokenCount} out" : null,
            response.ResponseId is { Length: > 0 } id ? $"id: {id}" : null,
            response.ModelId is { Length: > 0 } model ? $"model: {model}" : null,
        ];
        return string.Join('\n', lines.OfType<string>());
    }

    private static IEnumerable<Exchange> Read(string file)
    {
        var rule = Path.GetFileNameWithoutExtension(file).Replace('-', ' ');
        var sections = File.ReadAllText(file).ReplaceLineEndings("\n").Split(Separator, StringSplitOptions.RemoveEmptyEntries);
        return sections.Chunk(2).Select(pair =>
        {
            var heading = pair[0].Split('\n', 2);
            return new Exchange(
                rule, heading[0].StartsWith("stream: ", StringComparison.Ordinal), heading[0].Split(": ", 2)[1], heading[1].TrimEnd() + "\n\n",
                pair[1].Split('\n', 2)[1].Trim());
        });
    }
}
