using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class RequirementsFileTests
{
    [Theory]
    [InlineData("Humanizer.Core", "Humanizer.Core", "*")]
    [InlineData("Humanizer.Core==2.14.1", "Humanizer.Core==2.14.1", "[2.14.1]")]
    [InlineData("  Humanizer.Core == 2.14.1  # pinned", "Humanizer.Core==2.14.1", "[2.14.1]")]
    [InlineData("A==1.2.*", "A==1.2.*", "1.2.*")]
    [InlineData("A>=1.2", "A>=1.2", "[1.2, )")]
    [InlineData("A>1.2", "A>1.2", "(1.2, )")]
    [InlineData("A<=2", "A<=2", "(, 2]")]
    [InlineData("A>=1.2,<2", "A>=1.2,<2", "[1.2, 2)")]
    [InlineData("A >= 1.2 , < 2", "A>=1.2,<2", "[1.2, 2)")]
    [InlineData("A<2,>=1.2,>=1.5", "A<2,>=1.2,>=1.5", "[1.5, 2)")]
    [InlineData("A~=1.4.2", "A~=1.4.2", "[1.4.2, 1.5)")]
    [InlineData("A~=1.4", "A~=1.4", "[1.4, 2)")]
    [InlineData("A==2.0.0-beta.1", "A==2.0.0-beta.1", "[2.0.0-beta.1]")]
    [InlineData("A>=2.0-rc.1,<2.0", "A>=2.0-rc.1,<2.0", "[2.0-rc.1, 2.0)")]
    public void Parse_Package_BecomesARangeOfNuGets(string line, string text, string range)
    {
        var package = Assert.Single(RequirementsFile.Parse(line));

        Assert.Equal((text, range, "requirements.txt:1"), (package.Text, package.Range, package.Where));
    }

    [Fact]
    public void Parse_CommentsBlankLinesMarksAndLineEnds_SayNothing()
    {
        var packages = RequirementsFile.Parse("\uFEFF# what we need\r\n\r\nA==1\r\n   \t\r\n# more\nB\n", "requirements.txt");

        Assert.Equal(["A==1 requirements.txt:3", "B requirements.txt:6"], packages.Select(p => $"{p.Text} {p.Where}"));
    }

    [Theory]
    [InlineData("-r other.txt", "requirements.txt:1: '-r other.txt' is an option of pip, which has no meaning here; allowed is a package's name with its versions.")]
    [InlineData("A B", "requirements.txt:1: 'A B' is no package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).")]
    [InlineData("A[extra]==1", "requirements.txt:1: 'A[extra]==1' is no package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).")]
    [InlineData("A==1; python_version<'3'", "requirements.txt:1: 'A==1; python_version<'3'' is no package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).")]
    [InlineData("A==one", "requirements.txt:1: 'one' is no version; allowed are up to four numbers and a label, such as 1.2.3 or 2.0.0-beta.1.")]
    [InlineData("A==1.2.3.4.5", "requirements.txt:1: '1.2.3.4.5' is no version; allowed are up to four numbers and a label, such as 1.2.3 or 2.0.0-beta.1.")]
    [InlineData("A!=1.2", "requirements.txt:1: '!=1.2' cannot be said to NuGet; give A a lower or an upper bound (>=, >, <=, <).")]
    [InlineData("A~=1", "requirements.txt:1: '~=1' needs two numbers at least, such as ~=1.4: the last one may grow.")]
    [InlineData("A>=2,<1", "requirements.txt:1: No version of A can be at least 2 and below 1.")]
    [InlineData("A==1,==2", "requirements.txt:1: No version of A can be at least 2 and at most 1.")]
    [InlineData("A==1\na", "requirements.txt:2: a is named already at requirements.txt:1; name each package once.")]
    public void Parse_WrongLine_SaysWhatIsWrongAndWhere(string text, string message)
    {
        var exception = Assert.Throws<DeploymentException>(() => RequirementsFile.Parse(text));

        Assert.Equal((DeploymentErrorCode.DependencyError, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Parse_SeveralWrongLines_NamesAll()
    {
        var exception = Assert.Throws<DeploymentException>(() => RequirementsFile.Parse("A==x\nB\n-e .\n"));

        Assert.Equal(2, exception.Message.Split('\n').Length);
    }
}
