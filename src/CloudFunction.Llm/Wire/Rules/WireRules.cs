namespace CloudFunction.Llm.Wire.Rules;

/// <summary>All that is mended. Each rule stands for itself and leaves alone what it does not know.</summary>
internal static class WireRules
{
    /// <summary>In the order in which they are applied: first what an answer is made of, then its parts.</summary>
    public static IReadOnlyList<WireRule> All { get; } =
    [
        new("identity", IdentityRule.Mend),
        new("choices", ChoicesRule.Mend),
        new("message", MessageRule.Mend),
        new("role", RoleRule.Mend),
        new("finish reason", FinishReasonRule.Mend),
        new("reasoning", ReasoningRule.Mend),
        new("content", ContentRule.Mend),
        new("empty members", EmptyMembersRule.Mend),
        new("function call", FunctionCallRule.Mend),
        new("tool calls", ToolCallsRule.Mend),
        new("usage", UsageRule.Mend),
    ];
}
