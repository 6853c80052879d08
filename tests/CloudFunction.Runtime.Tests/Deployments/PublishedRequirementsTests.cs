using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class PublishedRequirementsTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public PublishedRequirementsTests()
    {
        Directory.CreateDirectory(_folder.Combine("worker", "core"));
        PublishedProject.WriteAssembly(_folder.Combine("worker", "core", "System.Text.Json.dll"), "10.0.0.0");
        PublishedProject.WriteAssembly(_folder.Combine("worker", "core", "Shared.dll"), "3.0.0.0");
        new PublishedProject(Source).WithPackage("Dapper", "2.0.4").WithPackage("Transitive", "5.0.0-rc.1", isDirect: false).Write();
    }

    private string Source => _folder.Combine("source");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("Dapper\ntransitive>=4")]
    [InlineData("dapper==2.0.4")]
    [InlineData("Dapper>=2,<3")]
    [InlineData("System.Text.Json>=8.0")]
    [InlineData("System.Text.Json==8.0.5")]
    [InlineData("System.Text.Json>=10.0.7")]
    [InlineData("Shared")]
    public void Check_LinesThatAreMet_Returns(string text) => Check(text);

    [Theory]
    [InlineData("Dapper>=2.1", "requirements.txt:1: Dapper>=2.1 is asked for, and Greetings was published with Dapper 2.0.4")]
    [InlineData("\nTransitive>=5", "requirements.txt:2: Transitive>=5 is asked for, and Greetings was published with Transitive 5.0.0-rc.1")]
    [InlineData("Npgsql", "without Npgsql: add the package")]
    [InlineData("System.Text.Json>=11", "without System.Text.Json")]
    [InlineData("Shared>=3.1", "without Shared")]
    [InlineData("-r other.txt", "option of pip")]
    public void Check_LineThatIsNot_SaysWhatIsAskedAndWhatThereIs(string text, string expected)
    {
        var exception = Assert.Throws<DeploymentException>(() => Check(text));

        Assert.Equal(DeploymentErrorCode.DependencyError, exception.Code);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SeveralLinesThatAreNot_NamesThemAll()
    {
        var exception = Assert.Throws<DeploymentException>(() => Check("Npgsql\nDapper\nRedis==1.0"));

        Assert.Equal(["requirements.txt:1", "requirements.txt:3"], exception.Message.Split('\n').Select(line => line[..18]));
    }

    private void Check(string text)
    {
        File.WriteAllText(Path.Combine(Source, "requirements.txt"), text);
        new PublishedRequirements(new PlatformAssemblies(_folder.Combine("worker"), static _ => null, new Version(10, 0, 12)))
            .Check(EntryAssemblyFinder.Find(Source), Source);
    }
}
