using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Tests.Configuration.Yaml;

/// <summary>Whatever stands in a file, it is a tree, or errors with their places.</summary>
public sealed class YamlTreeReaderTests
{
    private const int Samples = 30_000;

    [Theory]
    [InlineData("a: !<> b", "1:")]
    [InlineData("a: !!a[b] c", "1:")]
    [InlineData("a: !!%5b x", "1:")]
    [InlineData("a: !<http:> x", "1:")]
    [InlineData("%TAG ! [\n---\na: !x y", "")]
    [InlineData("a: !int 5", "there is the tag '!int'; allowed are values without tags")]
    [InlineData("<<: {a: 1}", "1:1: '<<' merges another mapping in YAML 1.1; allowed are keys that are written out")]
    [InlineData("a: b: [c]", "a value has a ': ' in it; put the value in quotes or on lines of its own")]
    public void Read_WhatIsNotTaken_IsAnErrorWithItsPlace(string text, string expected) =>
        Assert.Contains(expected, string.Join('\n', ErrorsOf(text)), StringComparison.Ordinal);

    [Fact]
    public void Read_AnyText_IsATreeOrErrors()
    {
        string[] parts =
            ["!", "!!", "<", ">", "%", "%TAG ", "%YAML 1.1", "[", "]", "{", "}", ":", ": ", ",", "&", "*", "?", "|", "-", "- ", "\n", "\n  ", "a",
            "'", "\"", "\\", "#", "---\n", "...\n", "@", "`", "~", "<<", "\t", "\r", "é", "1"];
        var random = new Random(5);
        for (var sample = 0; sample < Samples; sample++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                var errors = new FileErrors("a.yaml");
                if (YamlTreeReader.Read(text, errors) is null && errors.Any)
                {
                    Assert.All(Assert.Throws<ConfigurationFileException>(errors.ThrowIfAny).Errors, error => Assert.StartsWith("a.yaml:", error));
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{text}: {exception}");
            }
        }
    }

    private static IReadOnlyList<string> ErrorsOf(string text)
    {
        var errors = new FileErrors("a.yaml");
        YamlTreeReader.Read(text, errors);
        return Assert.Throws<ConfigurationFileException>(errors.ThrowIfAny).Errors;
    }
}
