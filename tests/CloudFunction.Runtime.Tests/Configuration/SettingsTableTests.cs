using System.Reflection;
using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class SettingsTableTests
{
    [Fact]
    public void All_Properties_AreThoseOfTheOptions() =>
        Assert.Equal(
            typeof(CloudFunctionOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order(),
            SettingsTable.All.Select(setting => setting.PropertyName).Order());

    [Fact]
    public void All_Rows_ReadAndWriteTheirOwnProperty()
    {
        foreach (var setting in SettingsTable.All)
        {
            var options = new CloudFunctionOptions();
            Assert.True(setting.TryApply(options, Sample(setting)), setting.Name);

            var value = typeof(CloudFunctionOptions).GetProperty(setting.PropertyName)!.GetValue(options);
            Assert.Equal(value, setting.GetValue(options));
            Assert.NotEqual(setting.GetValue(new CloudFunctionOptions()), value);
        }
    }

    [Fact]
    public void All_Defaults_AreAllowed() =>
        Assert.All(SettingsTable.All, setting => Assert.True(setting.IsValid(new CloudFunctionOptions()), setting.Name));

    [Fact]
    public void Template_Lines_AreAllSettingsWithTheirDefaults()
    {
        var template = DotEnvFile.Read(TemplatePath());

        Assert.Empty(template.Warnings);
        Assert.Equal(SettingsTable.All.Select(setting => setting.Name), template.Entries.Select(entry => entry.Name));
        foreach (var setting in SettingsTable.All)
        {
            var options = new CloudFunctionOptions();
            var text = template.Values[setting.Name];
            Assert.True(text.Length == 0 || setting.TryApply(options, text), setting.Name);
            Assert.Equal(setting.GetValue(new CloudFunctionOptions()), setting.GetValue(options));
        }
    }

    [Fact]
    public void Names_LaterAndInForce_DoNotMeet() =>
        Assert.Empty(SettingsTable.All.Select(setting => setting.Name).Intersect(SettingNames.Later));

    // A value that is nobody's default.
    private static string Sample(Setting setting) => setting switch
    {
        Setting<bool> => setting.GetText(new CloudFunctionOptions()) == "true" ? "no" : "yes",
        Setting<Uri?> => "https://37.example",
        Setting<LogLevel?> => "Critical",
        Setting<WorkerIsolation> => "None",
        _ => "37",
    };

    // Not from the caller's file: a deterministic build, such as that of CI, writes no real paths into it.
    private static string TemplatePath() => Path.Combine(
        typeof(SettingsTableTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(
            metadata => metadata.Key == "RepositoryRoot").Value!,
        ".env.template");
}
