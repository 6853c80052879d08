using System.Text.RegularExpressions;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.DocsTests;

public sealed partial class SettingsTests
{
    public static TheoryData<string> PagesWithTheTable() =>
        ["README.md", "README.zh-CN.md", "docs/configuration.md", "docs/zh-CN/configuration.md"];

    [Theory]
    [MemberData(nameof(PagesWithTheTable))]
    public void Table_NamesEverySettingInForceAndNoOther(string page) =>
        Assert.Equal(SettingsTable.All.Select(setting => setting.Name), Rows(page).Select(NameOf));

    [Theory]
    [MemberData(nameof(PagesWithTheTable))]
    public void Table_HasTheDefaultsOfTheCode(string page)
    {
        foreach (var row in Rows(page))
        {
            var setting = SettingsTable.Get(NameOf(row));
            var options = new CloudFunctionOptions();
            var expected = setting.GetText(options);
            if (expected.Length == 0)
            {
                Assert.True(row[1] == "none", $"{page}: {setting.Name} has no default, and the table says {row[1]}.");
                continue;
            }

            Assert.True(setting.TryApply(options, row[1]), $"{page}: the default {row[1]} of {setting.Name} is not written as such a value is.");
            Assert.True(expected == setting.GetText(options), $"{page}: the default of {setting.Name} is {expected}, and the table says {row[1]}.");
        }
    }

    [Theory]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/zh-CN/configuration.md")]
    public void Table_HasTheBoundsOfTheCode(string page)
    {
        foreach (var row in Rows(page))
        {
            var setting = SettingsTable.Get(NameOf(row));
            if (Bounds().Match(setting.Allowed) is { Success: true } bounds)
            {
                var numbers = Number().Matches(row[2].Replace(",", "", StringComparison.Ordinal)).Select(number => number.Value);

                Assert.True(
                    numbers.SequenceEqual([bounds.Groups[1].Value, bounds.Groups[2].Value]),
                    $"{page}: allowed for {setting.Name} is {setting.Allowed}, and the table says {row[2]}.");
            }
        }
    }

    [Theory]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/zh-CN/configuration.md")]
    public void Page_NamesEverySettingThatIsNotInForce(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        var names = SettingNames.Later.Concat(SettingNames.Earlier.Select(earlier => earlier.Key));

        Assert.DoesNotContain(names, name => !Regex.IsMatch(text, $@"\b{name}\b"));
    }

    private static IEnumerable<string[]> Rows(string page) => MarkdownPage.Read(page).Rows.Where(row => SettingName().IsMatch(row[0]));

    private static string NameOf(string[] row) => row[0].Trim('`');

    [GeneratedRegex("^`[A-Z][A-Z_]+`$")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"from (\d+)(?: [KMG]B)? to (\d+)")]
    private static partial Regex Bounds();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
