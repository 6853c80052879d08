using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;

namespace CloudFunction.Runtime.Tests.Hosting;

public sealed class DescriptorPlanTests
{
    [Fact]
    public void Make_NoLimit_ConnectionsAreWhatWasSetOrTheDefault()
    {
        Assert.Equal((20_000, 1024), Sizes(DescriptorPlan.Make(new CloudFunctionOptions(), null, 250, 3, 4)));
        Assert.Equal((30_000, 1024), Sizes(DescriptorPlan.Make(new CloudFunctionOptions { MaxConnections = 30_000 }, null, 250, 3, 4)));

        static (int Connections, int BodyFiles) Sizes(DescriptorPlan plan)
        {
            plan.Check();
            return (plan.Connections, plan.BodyFiles);
        }
    }

    [Theory]
    [InlineData(null, 65_536, 20_000)]
    [InlineData(40_000, 65_536, 40_000)]
    [InlineData(100, 65_536, 100)]
    [InlineData(1, 1_024, 1)]
    public void Make_LimitSuffices_ConnectionsAreAsManyAsWanted(int? wanted, int limit, int connections) =>
        Assert.Equal(connections, DescriptorPlan.Make(new CloudFunctionOptions { MaxConnections = wanted }, limit, 200, 2, 2).Connections);

    /// <summary>Whatever there is to serve: what is handed out never exceeds what there is, and a higher limit never means
    /// fewer connections.</summary>
    [Fact]
    public void Make_AnyProcess_SharesOutNoMoreThanThereIs()
    {
        var random = new Random(18);
        for (var round = 0; round < 2000; round++)
        {
            var options = new CloudFunctionOptions
            {
                Workers = random.Next(1, 9),
                StandbyWorkers = random.Next(0, 9),
                MaxConnections = random.Next(3) == 0 ? random.Next(1, 50_000) : null,
            };
            var (open, projects, processors) = (random.Next(50, 400), random.Next(0, 300), random.Next(1, 65));
            var limit = random.Next(64, 70_000);
            var plan = DescriptorPlan.Make(options, limit, open, projects, processors);
            var higher = DescriptorPlan.Make(options, limit + random.Next(1, 1000), open, projects, processors);
            var state = $"Round {round}: limit {limit}, {open} open, {projects} projects, {options.Workers} workers each: {plan}";

            Assert.True(higher.Connections >= plan.Connections, state);
            if (limit < plan.Needed)
            {
                Assert.Throws<SettingsException>(plan.Check);
                continue;
            }

            plan.Check();
            var workers = 3 * ((options.Workers * projects) + options.StandbyWorkers);
            Assert.True(open + workers + plan.Connections + plan.BodyFiles + plan.LogFiles + DescriptorPlan.Spare <= limit, state);
            Assert.True(plan.Connections >= Math.Min(16, options.MaxConnections ?? int.MaxValue), state);
            Assert.InRange(plan.BodyFiles, 4, limit / 8);
            Assert.InRange(plan.LogFiles, 16, 256);
        }
    }

    [Theory]
    [InlineData(255, 10)]
    [InlineData(500, 400)]
    public void Check_TooFewDescriptors_NamesTheLimitAndWhatWouldDoInOneLine(int limit, int open)
    {
        var plan = DescriptorPlan.Make(new CloudFunctionOptions(), limit, open, 2, 2);

        var line = Assert.Single(Assert.Throws<SettingsException>(plan.Check).Errors);

        Assert.DoesNotContain('\n', line);
        Assert.Contains($"{limit} ", line, StringComparison.Ordinal);
        Assert.Contains($"at least {plan.Needed} ", line, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", line, StringComparison.Ordinal);
        DescriptorPlan.Make(new CloudFunctionOptions(), plan.Needed, open, 2, 2).Check();
    }

    [SkippableFact]
    public void Limit_OfThisProcess_IsThatOfTheKernel()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Reads Linux's /proc.");
        var limits = File.ReadLines("/proc/self/limits")
            .Single(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(limits[3], $"{DescriptorLimit.Read()}");
        Assert.Equal(limits[4], limits[3]); // .NET raises the soft limit at start.
    }

    [SkippableFact]
    public void CountOpen_FilesAreOpened_CountsThem()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows does not number handles so.");
        const int More = 200; // Other tests of this process open and close some meanwhile.
        var before = DescriptorLimit.CountOpen();
        var files = Enumerable.Range(0, More).Select(_ => File.OpenRead("/dev/null")).ToArray();

        Assert.InRange(DescriptorLimit.CountOpen() - before, More / 2, More * 3 / 2);
        Array.ForEach(files, file => file.Dispose());
    }
}
