namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>What the old system's files mean here, as the page on migration has it: each row is read by the parser here, and by Python.</summary>
public sealed class OldFilesTests
{
    public static TheoryData<string> Titles() => [.. OldFileTables.All.Select(table => table.Title)];

    [SkippableTheory]
    [MemberData(nameof(Titles))]
    public async Task Rows_ThereIn_AreWhatPythonReads(string title)
    {
        var table = TableOf(title);
        var missing = PythonOracle.Missing(table.Packages, table.Modules);
        Skip.If(missing is not null, missing);

        var answers = await PythonOracle.AskAsync<string, string?>(table.Script, [.. table.Rows.Select(row => row.Text)], table.Modules);

        Assert.Equal(table.Rows.Select(row => (row.Text, row.There)), table.Rows.Zip(answers).Select(pair => (pair.First.Text, pair.Second)));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Rows_Different_AreWarnedOfUnlessThereIsAReason(string title)
    {
        var table = TableOf(title);

        Assert.Equal(
            table.Rows.Where(row => row.IsQuiet).Select(row => row.Text),
            table.Rows.Where(row => table.Compare(row).Result == OldFileResult.Quiet).Select(row => row.Text));
    }

    [Theory]
    [InlineData("docs/migration.md")]
    [InlineData("docs/zh-CN/migration.md")]
    public void Page_OnMigration_HasTheTablesThatTheParsersMake(string path)
    {
        var page = new OldFilesPage(path);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            page.Update();
        }

        Assert.Equal(page.Make(), page.Present);
    }

    private static OldFileTable TableOf(string title) => OldFileTables.All.Single(table => table.Title == title);
}
