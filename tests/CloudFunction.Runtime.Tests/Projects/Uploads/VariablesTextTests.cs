using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public class VariablesTextTests
{
    [Theory]
    [InlineData("""{"A":"x y","B":5,"C":true,"D":null}""", "A=x y;B=5;C=true;D=(removed)")]
    [InlineData(" \n {}", "")]
    [InlineData("A=x y\n# a comment\nexport B='5'\n", "A=x y;B=5")]
    [InlineData("", "")]
    public void Read_JsonOrLines_GivesNamesAndValues(string text, string expected)
    {
        var variables = VariablesText.Read(text);

        Assert.Equal(expected, string.Join(';', variables.OrderBy(each => each.Key).Select(each => $"{each.Key}={each.Value ?? "(removed)"}")));
    }

    [Theory]
    [InlineData("""{"A":["secret"]}""")]
    [InlineData("""{"A":{"B":"secret"}}""")]
    [InlineData("""{"A":"secret","A":"secret"}""")]
    [InlineData("""{"A":"secret",""")]
    public void Read_OtherJson_IsRefusedWithoutItsValues(string text)
    {
        var error = Assert.Throws<ProjectException>(() => VariablesText.Read(text));

        Assert.Equal((ProjectErrorCode.EnvironmentError, "env_vars"), (error.Code, error.Field));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WrongLines_NamesAllOfThem()
    {
        var error = Assert.Throws<DotEnvException>(() => VariablesText.Read("secret one\nA=1\nsecret two\n"));

        Assert.Contains("env_vars:1", error.Message, StringComparison.Ordinal);
        Assert.Contains("env_vars:3", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "\"A{0}\":1,", "\"Z\":1}")]
    [InlineData("{", "\"A\":1,", "\"Z\":1}")]
    [InlineData("{\"A\":", "[", "1")]
    [InlineData("{\"A\":", "{\"B\":", "1")]
    [InlineData("", "A{0}=1\n", "")]
    [InlineData("", "A{0}\n", "")]
    public async Task Read_ManyNamesOrDeepNesting_IsReadAtOnce(string start, string piece, string end)
    {
        var text = start + string.Concat(Enumerable.Range(0, 100_000).Select(i => piece.Replace("{0}", $"{i}", StringComparison.Ordinal))) + end;

        var error = await Hostile.ReadAsync(() => Record.Exception(() => VariablesText.Read(text)));

        Assert.InRange(error?.Message.Length ?? 0, 0, 5000);
    }
}
