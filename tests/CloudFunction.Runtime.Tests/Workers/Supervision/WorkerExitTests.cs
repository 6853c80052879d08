using CloudFunction.Runtime.Workers.Supervision;

namespace CloudFunction.Runtime.Tests.Workers.Supervision;

public class WorkerExitTests
{
    [Theory]
    [InlineData(0, null, "It exited with code 0.")]
    [InlineData(255, " \n", "It exited with code 255.")]
    [InlineData(128, null, "It exited with code 128.")]
    [InlineData(137, null, "It was ended by signal 9.")]
    [InlineData(160, null, "It exited with code 160.")]
    [InlineData(-1, "one\ntwo\n", "It exited with code -1. Its last output on standard error:\none\ntwo")]
    public void Describe_ExitCode_NamesItOrTheSignalAndWhatWasWritten(int code, string? tail, string description) =>
        Assert.Equal(description, WorkerExit.With(code).Describe(tail));

    [Fact]
    public void Describe_NotRun_NamesTheCauseAlone() =>
        Assert.Equal("It could not be run: dotnet is gone.", WorkerExit.NotRun("dotnet is gone.").Describe("some output"));
}
