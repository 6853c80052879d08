using System.Text;
using System.Text.Json.Nodes;
using CloudFunction.Llm.Providers;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace CloudFunction.Llm.Clients;

/// <summary>Gives a model back what it thought: DeepSeek and Moonshot refuse a conversation with tools whose answers have lost it.</summary>
internal static class Thoughts
{
    /// <summary>The messages, with each answer's thoughts as <c>reasoning_content</c> where the conversation has any and is one with tools.
    /// In others they are left out: models take no notice of them there, and older ones refuse them.</summary>
    /// <remarks>An answer without thoughts gets empty ones then, as the providers require the member and not its content
    /// (https://api-docs.deepseek.com/guides/thinking_mode).</remarks>
    public static IEnumerable<ChatMessage> Return(IEnumerable<ChatMessage> messages, ChatOptions? options, LlmProvider provider)
    {
        var list = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var isWanted = provider.TakesThoughts
            && (options?.Tools is { Count: > 0 } || list.Any(static message => message.Contents.OfType<FunctionCallContent>().Any()))
            && list.Any(static message => message.Contents.OfType<TextReasoningContent>().Any());
        return isWanted ? list.Select(static message => message.Role == ChatRole.Assistant ? WithThoughts(message) : message) : list;
    }

    private static ChatMessage WithThoughts(ChatMessage message)
    {
        if (message.RawRepresentation is OpenAI.Chat.ChatMessage
            || new[] { message }.AsOpenAIChatMessages().ToArray() is not [AssistantChatMessage raw])
        {
            return message; // The caller's own form of it is sent as it is.
        }

        // As JSON: the SDK takes no empty text.
        var thoughts = JsonValue.Create(string.Concat(message.Contents.OfType<TextReasoningContent>().Select(static part => part.Text)));
#pragma warning disable SCME0001 // Experimental: the one way to name a member that the SDK has no property for.
        raw.Patch.Set("$.reasoning_content"u8, Encoding.UTF8.GetBytes(thoughts.ToJsonString()));
#pragma warning restore SCME0001
        return new ChatMessage(message.Role, message.Contents) { RawRepresentation = raw };
    }
}
