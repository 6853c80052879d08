using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Session;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Tests.Session;

public class LogValueTests
{
    public static TheoryData<object?, object?> Values => new()
    {
        { null, null },
        { "text", "text" },
        { (byte)7, 7L },
        { -7, -7L },
        { ulong.MaxValue, 18446744073709551615m },
        { 5ul, 5L },
        { 0.1f, 0.1 },
        { float.NaN, double.NaN },
        { 1e300, 1e300 },
        { 19.90m, 19.90m },
        { true, true },
        { 'c', "c" },
        { DayOfWeek.Friday, "Friday" },
        { new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), "2025-01-02T03:04:05.0000000+00:00" },
        { Enumerable.Range(1, 3).ToArray(), "1, 2, 3" },
        { new List<string?> { "a", null }, "a, (null)" },
        { new Uri("https://example.org/a"), "https://example.org/a" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Of_AnyValue_KeepsItsKindOrBecomesText(object? value, object? expected) => Assert.Equal(expected, LogValue.Of(value));

    [Fact]
    public void Of_ValueWhoseTextThrows_SaysSo() =>
        Assert.Contains("bad text", Assert.IsType<string>(LogValue.Of(new Bad())), StringComparison.Ordinal);

    [Fact]
    public void TextOf_MessageThatCannotBeMade_IsItsTemplateAndWhy()
    {
        var logger = new CapturingLogger();

#pragma warning disable CA2017 // It is what is tested here.
        logger.LogInformation("{A} {B}", 1);
#pragma warning restore CA2017
        logger.LogInformation("{A}", new Bad());

        Assert.Equal(
            [
                "{A} {B} (the message cannot be made of its values: System.FormatException)",
                "{A} (the message cannot be made of its values: System.InvalidOperationException)",
            ],
            logger.Texts);
        Assert.Equal([["A"], ["A"]], logger.Properties.Select(properties => properties.Select(each => each.Key)));
    }

    [Fact]
    public void TextOf_ExceptionWhoseTextThrows_SaysWhichItWas() =>
        Assert.Contains(nameof(BadException), LogValue.TextOf(new BadException()), StringComparison.Ordinal);

    private sealed class CapturingLogger : ILogger
    {
        public List<string> Texts { get; } = [];

        public List<IReadOnlyList<KeyValuePair<string, object?>>> Properties { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Texts.Add(LogText.Of(state, exception, formatter));
            Properties.Add(LogProperties.Of(state, null));
        }
    }

    private sealed class Bad
    {
        public override string ToString() => throw new InvalidOperationException("bad text");
    }

    private sealed class BadException : Exception
    {
        public override string ToString() => throw new InvalidOperationException("bad text");
    }
}
