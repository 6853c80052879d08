using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class SourceKindFinderTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("App.dll App.deps.json", nameof(SourceKind.Assemblies))]
    [InlineData("notes.txt", nameof(SourceKind.Assemblies))]
    [InlineData("App.csproj Greet.cs", nameof(SourceKind.Project))]
    [InlineData("App.csproj App.deps.json", nameof(SourceKind.Project))]
    [InlineData("hello.cs requirements.txt", nameof(SourceKind.Files))]
    public void Find_TellsByTheFilesOfTheFolder(string files, string kind)
    {
        Write(files);

        Assert.Equal(kind, SourceKindFinder.Find(_folder.Combine("source")).ToString());
    }

    [Theory]
    [InlineData("A.csproj B.csproj", "The folder holds A.csproj and B.csproj: put one function project in a folder.")]
    [InlineData("hello.cs App.deps.json", "The folder holds both source (hello.cs) and a published project (App.deps.json): keep one of the two.")]
    public void Find_CannotTell_SaysWhy(string files, string message)
    {
        Write(files);

        Assert.Equal(message, Assert.Throws<DeploymentException>(() => SourceKindFinder.Find(_folder.Combine("source"))).Message);
    }

    private void Write(string files)
    {
        foreach (var file in files.Split(' '))
        {
            _folder.Write("source/" + file, "");
        }
    }
}
