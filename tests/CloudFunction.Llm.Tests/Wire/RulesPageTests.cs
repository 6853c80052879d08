using System.Reflection;
using CloudFunction.Llm.Wire.Rules;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>The page that lists the rules has those of the code.</summary>
public sealed class RulesPageTests
{
    // What is no rule about JSON: the reader's, and the search for errors.
    private static readonly string[] BesideTheRules = ["events", "characters", "errors"];

    private static readonly string Docs = Path.Combine(
        typeof(RulesPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TestDirectory").Value!,
        "../../docs");

    [Theory]
    [InlineData("llm.md", "| Rule |")]
    [InlineData("zh-CN/llm.md", "| 规则 |")]
    public void Page_OfLanguageModels_HasTheRulesInTheirOrder(string page, string heading)
    {
        var rows = File.ReadLines(Path.Combine(Docs, page)).SkipWhile(line => !line.StartsWith(heading, StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('`')[1]);

        Assert.Equal([.. BesideTheRules, .. WireRules.All.Select(rule => rule.Name)], rows);
    }
}
