namespace CloudFunction.DocsTests;

public sealed class SampleTests
{
    public static TheoryData<string, int> Samples()
    {
        var data = new TheoryData<string, int>();
        foreach (var page in Repository.Pages)
        {
            foreach (var block in MarkdownPage.Read(page).Blocks.Where(block => block.Language == "csharp"))
            {
                data.Add(page, block.Line);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Compile_SampleOfAPage_HasNoErrorsAndNoWarnings(string page, int line)
    {
        var block = MarkdownPage.Read(page).Blocks.Single(block => block.Line == line);

        Assert.Empty(SampleCompiler.Compile(block.Text));
    }

    [Fact]
    public void Compile_SampleWithAnUnknownType_Fails() =>
        Assert.NotEmpty(SampleCompiler.Compile("public sealed class Greet : CloudFunction.INoSuchFunction;"));

    [Fact]
    public void Compile_FunctionThatUsesTheHostsLibrary_Fails() =>
        Assert.NotEmpty(SampleCompiler.Compile("public sealed class Greet { public Microsoft.AspNetCore.Http.HttpContext? Context; }"));

    [Fact]
    public void Blocks_OfEveryPage_SayTheirLanguage()
    {
        var nameless = Repository.Pages.SelectMany(
            page => MarkdownPage.Read(page).Blocks.Where(block => block.Language.Length == 0).Select(block => $"{page}:{block.Line}"));

        Assert.Empty(nameless);
    }

    [Fact]
    public void CurlLine_OfTheReadmes_IsTheOneThatTheSampleHostPrints()
    {
        var printed = File.ReadAllText(Repository.PathOf("samples/SampleHost/Program.cs"));
        foreach (var page in new[] { "README.md", "README.zh-CN.md" })
        {
            var curl = MarkdownPage.Read(page).Blocks.First(block => block.Text.StartsWith("curl ", StringComparison.Ordinal));

            Assert.Contains(curl.Text.Replace("http://localhost:8080", "{{address}}", StringComparison.Ordinal), printed, StringComparison.Ordinal);
        }
    }
}
