using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using CloudFunction.Runtime.Logging.Formatting;
using Serilog.Events;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Tests.Logging.Formatting;

public sealed class JsonFormatterTests
{
    [Fact]
    public void Format_AllKeys_StandInTheirOrder()
    {
        var trace = ActivityTraceId.CreateFromString("4bf92f3577b34da6a3ce929d0e0e4736");
        LogEventProperty[] properties =
        [
            Property("User", "Ada"), Property("InvocationId", "0001"), Property("Function", "greet"), Property("Project", "hello"),
            Property("SourceContext", "cloudfunction.projects.hello"), Property("TraceId", "other"),
        ];
        var record = new LogEvent(
            Records.Time, LogEventLevel.Fatal, new TextException("Boom\n   at x"), new MessageTemplate([new TextToken("Hi")]), properties, trace,
            default);

        var line = new JsonFormatter().Write(record);

        Assert.Equal(
            """{"timestamp":"2026-01-31T23:15:30.007Z","level":"CRITICAL","message":"Hi","logger":"cloudfunction.projects.hello","project":"he"""
            + """llo","function":"greet","invocation_id":"0001","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","exception":"Boom"""
            + """\n   at x","extra":{"User":"Ada"}}"""
            + "\n",
            line);
        Assert.Equal(JsonFormatter.Keys, JsonDocument.Parse(line).RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Format_WhatARecordHasNot_IsLeftOut() => Assert.Equal(
        """{"timestamp":"2026-01-31T23:15:30.007Z","level":"INFO","message":""}""" + "\n",
        new JsonFormatter().Write(Records.Create("")));

    [Theory]
    [InlineData("你好 <b> 'x' & \"y\" \\ / 😀 é", """你好 <b> 'x' & \"y\" \\ / 😀 é""")]
    [InlineData("a\nb\rc\td\be\f\u001b\0\u007f\u0085", """a\nb\rc\td\be\f\u001b\u0000\u007f\u0085""")]
    [InlineData("a\u2028b\u2029", """a\u2028b\u2029""")]
    public void Format_Text_IsEscapedWhereItMustBe(string text, string expected)
    {
        var line = new JsonFormatter().Write(Records.Create(text, properties: (text, 1)));

        Assert.Contains($"\"message\":\"{expected}\",\"extra\":{{\"{expected}\":1}}}}\n", line, StringComparison.Ordinal);
        Assert.Single(line, character => character == '\n');
    }

    [Fact] // Not with the others: an attribute cannot hold half of a pair.
    public void Format_SurrogateWithoutItsPartner_IsEscaped() => Assert.Contains(
        "\"message\":\"\\ud83d and \\ude00, 😀\\ud83d\"",
        new JsonFormatter().Write(Records.Create("\ud83d and \ude00, \ud83d\ude00\ud83d")),
        StringComparison.Ordinal);

    public static TheoryData<object?, string> Values() => new()
    {
        { null, "null" },
        { true, "true" },
        { false, "false" },
        { 42, "42" },
        { -9223372036854775808L, "-9223372036854775808" },
        { ulong.MaxValue, "18446744073709551615" },
        { (byte)7, "7" },
        { 1.5m, "1.5" },
        { 0.1, "0.1" },
        { -2.2250738585072014E-308, "-2.2250738585072014E-308" },
        { 0.1f, "0.1" },
        { double.NaN, "\"NaN\"" },
        { double.PositiveInfinity, "\"Infinity\"" },
        { float.NegativeInfinity, "\"-Infinity\"" },
        { BigInteger.Pow(10, 30), "1000000000000000000000000000000" },
        { 'x', "\"x\"" },
        { LogEventLevel.Error, "\"Error\"" },
        { new DateTime(2026, 1, 31, 8, 15, 30, DateTimeKind.Utc), "\"2026-01-31T08:15:30.0000000Z\"" },
        { TimeSpan.FromSeconds(90), "\"00:01:30\"" },
        { Guid.Empty, "\"00000000-0000-0000-0000-000000000000\"" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Format_ValueOfAProperty_KeepsItsKind(object? value, string expected)
    {
        var line = new JsonFormatter().Write(Records.Create("", properties: ("Value", value)));

        Assert.EndsWith($"\"extra\":{{\"Value\":{expected}}}}}\n", line, StringComparison.Ordinal);
        Assert.NotNull(JsonDocument.Parse(line));
    }

    [Fact]
    public void Format_NestedValues_AreListsAndObjects()
    {
        var list = new SequenceValue([new ScalarValue(1), new ScalarValue("x"), new SequenceValue([])]);
        var structure = new StructureValue([Property("Name", "Ada"), new LogEventProperty("None", new StructureValue([]))]);
        var dictionary = new DictionaryValue([new(new ScalarValue(1), new ScalarValue(true)), new(new ScalarValue(null), new DictionaryValue([]))]);

        var line = new JsonFormatter().Write(Records.Create("", properties: [("L", list), ("S", structure), ("D", dictionary)]));

        Assert.EndsWith("""{"L":[1,"x",[]],"S":{"Name":"Ada","None":{}},"D":{"1":true,"null":{}}}}""" + "\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_ValueThatIsTooDeep_IsCutAndStaysJson()
    {
        LogEventPropertyValue value = new ScalarValue(1);
        for (var i = 0; i < 1000; i++)
        {
            value = new SequenceValue([value]);
        }

        var line = new JsonFormatter().Write(Records.Create("", properties: ("Deep", value)));

        Assert.EndsWith($"{new string('[', 16)}\"…\"{new string(']', 16)}}}}}\n", line, StringComparison.Ordinal);
    }

    private static LogEventProperty Property(string name, object value) => new(name, new ScalarValue(value));
}
