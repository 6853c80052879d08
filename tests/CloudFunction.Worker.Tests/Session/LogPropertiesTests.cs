using CloudFunction.Worker.Session;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Tests.Session;

public class LogPropertiesTests
{
    [Fact]
    public void Of_StateAndScopesWithOneName_TheInnerOneWins()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var outer = scopes.Push(new Dictionary<string, object?> { ["Order"] = "outer", ["Shop"] = 1, ["Deep"] = 1 });
        using var inner = scopes.Push(new Dictionary<string, object?> { ["Shop"] = 2, ["Deep"] = 2 });
        var properties = LogProperties.Of(new Dictionary<string, object?> { ["Deep"] = 3, ["{OriginalFormat}"] = "{Deep}" }, scopes);
        Assert.Equal([new("Deep", 3L), new("Shop", 2L), new("Order", "outer")], properties);
    }

    [Fact]
    public void Of_TextScopes_AreJoinedFromTheOuterToTheInner()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var outer = scopes.Push("import");
        using var inner = scopes.Push(7);
        Assert.Equal([new("Scope", "import => 7")], LogProperties.Of("a state that is a text", scopes));
    }

    [Fact]
    public void Of_PropertiesWithoutEnd_AreBounded()
    {
        var properties = LogProperties.Of(Endless(), null);
        Assert.InRange(properties.Count, 10, 1000);

        static IEnumerable<KeyValuePair<string, object?>> Endless()
        {
            for (var i = 0; ; i++)
            {
                yield return new($"p{i}", i);
            }
        }
    }
}
