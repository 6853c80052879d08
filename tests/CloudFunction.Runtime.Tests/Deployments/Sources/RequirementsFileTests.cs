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
    [InlineData(
        "-r other.txt",
        "requirements.txt:1: '-r other.txt' is an option of pip, which has no meaning here; allowed is a package's name with its versions.")]
    [InlineData("A B", "requirements.txt:1: 'A B' is not a package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).")]
    [InlineData(
        "A[extra]==1",
        "requirements.txt:1: 'A[extra]==1' is not a package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, >=, >, <= and <).")]
    [InlineData(
        "A==1; python_version<'3'",
        "requirements.txt:1: 'A==1; python_version<'3'' is not a package; allowed is Name, Name==1.2.3, or Name>=1.2,<2 (with ==, ~=, "
        + ">=, >, <= and <).")]
    [InlineData("A==one", "requirements.txt:1: 'one' is not a version; allowed are up to four numbers and a label, such as 1.2.3 or 2.0.0-beta.1.")]
    [InlineData(
        "A==1.2.3.4.5",
        "requirements.txt:1: '1.2.3.4.5' is not a version; allowed are up to four numbers and a label, such as 1.2.3 or 2.0.0-beta.1.")]
    [InlineData("A!=1.2", "requirements.txt:1: '!=1.2' has no equivalent in NuGet; give A a lower or an upper bound (>=, >, <=, <).")]
    [InlineData("A~=1", "requirements.txt:1: '~=1' needs two numbers at least, such as ~=1.4: the last one may grow.")]
    [InlineData(
        "A==2-beta.*",
        "requirements.txt:1: '==2-beta.*' is not a series of versions: before .* stand one to three numbers, as in ==2.1.*; for pre-releases write "
        + ">=2.0.0-beta.")]
    [InlineData(
        "A==1.2.3.4.*",
        "requirements.txt:1: '==1.2.3.4.*' is not a series of versions: before .* stand one to three numbers, as in ==2.1.*; for pre-releases write "
        + ">=2.0.0-beta.")]
    [InlineData("A==2147483647.*", "requirements.txt:1: '2147483647.0' has no next series: write a lower and an upper bound.")]
    [InlineData("A~=2147483647.1", "requirements.txt:1: '2147483647.1' has no next series: write a lower and an upper bound.")]
    [InlineData("A>=2,<1", "requirements.txt:1: No version of A can be at least 2 and below 1.")]
    [InlineData("A==1,==2", "requirements.txt:1: No version of A can be at least 2 and at most 1.")]
    [InlineData("A==1\na", "requirements.txt:2: a is named already at requirements.txt:1; name each package once.")]
    public void Parse_WrongLine_SaysWhatIsWrongAndWhere(string text, string message)
    {
        var exception = Assert.Throws<DeploymentException>(() => RequirementsFile.Parse(text));

        Assert.Equal((DeploymentErrorCode.DependencyError, message), (exception.Code, exception.Message));
    }

    /// <summary>Whatever stands for versions: it is an error with its line, or a range that can be read again.</summary>
    [Fact]
    public void Parse_AnyVersions_GivesAReadableRangeOrAnError()
    {
        string[] pieces =
            ["==", ">=", "<=", "~=", "<", ">", "!=", ",", "1", "0", "2147483647", ".", ".*", "*", "-", "-beta", "+x", " ", "9999999999"];
        var random = new Random(7);
        var read = 0;
        for (var number = 0; number < 20_000; number++)
        {
            var text = "A" + string.Concat(random.GetItems(pieces, random.Next(1, 9)));
            try
            {
                foreach (var package in RequirementsFile.Parse(text))
                {
                    PackageRange.Parse(package.Range).Contains(PackageVersion.TryParse("1.0.0")!);
                    read++;
                }
            }
            catch (DeploymentException error)
            {
                Assert.StartsWith("requirements.txt:1: ", error.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(read, 500, 20_000);
    }

    [Fact]
    public void Parse_SeveralWrongLines_NamesAll()
    {
        var exception = Assert.Throws<DeploymentException>(() => RequirementsFile.Parse("A==x\nB\n-e .\n"));

        Assert.Equal(2, exception.Message.Split('\n').Length);
    }

    [Theory]
    [InlineData(">1 ")]
    [InlineData(">1")]
    [InlineData("==1,")]
    [InlineData(">=1 , ")]
    [InlineData("> ")]
    [InlineData("  ")]
    public async Task Parse_LineOfRepetitions_IsRefusedAtOnce(string piece)
    {
        foreach (var count in (int[])[40, 300, 100_000])
        {
            var line = $"A{string.Concat(Enumerable.Repeat(piece, count))} x";

            var exception = await Hostile.ReadAsync(() => Assert.Throws<DeploymentException>(() => RequirementsFile.Parse(line)));

            Assert.StartsWith("requirements.txt:1: ", exception.Message, StringComparison.Ordinal);
            Assert.InRange(exception.Message.Length, 0, 2000);
        }
    }

    [Fact]
    public void Parse_LongLine_NamesItsLength() => Assert.Equal(
        "requirements.txt:2: The line has 1001 characters; at most 1000 are allowed.",
        Assert.Throws<DeploymentException>(() => RequirementsFile.Parse($"A\nB{new string(' ', 999)}C")).Message);

    [Fact]
    public void Parse_LongComment_SaysNothing() => Assert.Single(RequirementsFile.Parse($"A # {new string('#', 5000)}\n#{new string('x', 5000)}"));

    [Fact]
    public void Parse_AsManyPackagesAsAreAllowed_AreTaken() =>
        Assert.Equal(1000, RequirementsFile.Parse(string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"P{i}"))).Count);

    [Theory]
    [InlineData("P{0}\n", 1001, 1001)]
    [InlineData("\n", 10_001, 10_001)]
    [InlineData("-\n", 300_000, 10_001)]
    [InlineData("A\n", 300_000, 10_001)]
    public async Task Parse_TooManyLines_AreRefusedAtOnce(string line, int count, int at)
    {
        var text = string.Concat(Enumerable.Range(0, count + 1).Select(i => line.Replace("{0}", $"{i}", StringComparison.Ordinal)));

        var exception = await Hostile.ReadAsync(() => Assert.Throws<DeploymentException>(() => RequirementsFile.Parse(text)));

        Assert.StartsWith($"requirements.txt:{(at == 1001 ? 1002 : at)}: this is too much; at most", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyWrongLines_AreCounted()
    {
        var text = string.Concat(Enumerable.Repeat("-\n", 5000));
        var lines = Assert.Throws<DeploymentException>(() => RequirementsFile.Parse(text)).Message.Split('\n');

        Assert.Equal((21, "… and 4980 more."), (lines.Length, lines[^1]));
    }

    [Fact]
    public void Parse_AnyLine_IsTakenOrRefusedAsByTheExpression()
    {
        var oracle = Hostile.Oracle(
            @"\A(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})\s*(?<versions>(?:(?:==|~=|>=|<=|>|<|!=)\s*[^\s,;=<>!~]+\s*,?\s*)*)\z");
        foreach (var text in Hostile.Texts(2, ["A", "b.c", "1", "1.2", ">", "<", "=", "==", "~=", "!", ",", " ", "\t", "\u00A0", ";", "-", "."]))
        {
            var line = text.Trim();
            if (line.Length == 0 || line[0] == '-')
            {
                continue;
            }

            var isNone = Record.Exception(() => RequirementsFile.Parse(line))?.Message.Contains("is not a package", StringComparison.Ordinal) == true;
            Assert.True(isNone != oracle.IsMatch(line), $"'{line}'");
        }
    }
}
