using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Writing;
using CloudFunction.Runtime.Tests.Logging.Fakes;
using Microsoft.Extensions.Time.Testing;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging.Writing;

public sealed class OpenFilesTests : IDisposable
{
    private const int Max = 8;

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A batch may have records for any number of files: the bound holds within it too, and no record is lost by it.</summary>
    [Fact]
    public void Get_MoreFilesThanMayBeOpen_ClosesTheLeastUsedAndLosesNothing()
    {
        const int Files = 30;
        const int Rounds = 200;
        var random = new Random(7);
        var expected = new int[Files];
        var files = new OpenFiles(_time, message => Assert.Fail(message), Max);
        var handlers = Enumerable.Range(0, Files)
            .Select(number => new FileHandlerConfiguration(
                $"{number}", new PlainFormatter(), LogEventLevel.Verbose, Path.Combine(_directory, $"{number}.log"), false, 0, 0))
            .ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var number = random.Next(Files);
            files.Get(handlers[number]).Append("a line\n"u8);
            expected[number]++;
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.InRange(files.Count, 1, Max);
            if (random.Next(20) == 0)
            {
                files.Flush();
            }
        }

        files.CloseAll();
        Assert.Equal(expected, handlers.Select(handler => File.Exists(handler.Path) ? File.ReadAllLines(handler.Path).Length : 0));
    }
}
