using CloudFunction.Protocol.Messages;

namespace CloudFunction.Protocol.Tests.Messages;

public class MessageTests
{
    private const string Odd = "naïve \0 漢字 \U0001F600 \"quoted\"";

    private static readonly KeyValuePair<string, object?>[] Properties =
    [
        new("null", null), new("text", Odd), new("integer", long.MinValue), new("floating", double.NegativeInfinity), new("boolean", true),
        new("decimal", -19.90m),
    ];

    private static readonly Dictionary<string, (byte[] Bytes, Func<byte[], byte[]> Again)> Cases = new()
    {
        ["hello"] = (new HelloMessage(ProtocolVersion.Current, "w1", Odd, 42).Encode(), b => HelloMessage.Decode(b).Encode()),
        ["configure"] = (
            new ConfigureMessage(ProtocolVersion.Current, long.MaxValue, 1, 100, 2).Encode(), b => ConfigureMessage.Decode(b).Encode()),
        ["load"] = (
            new LoadMessage("shop", 7, "/a b", "Shop.dll", "", true, new Dictionary<string, string?> { ["A"] = Odd, ["B"] = null, ["C"] = "" })
            {
                WaitForDebugger = true,
                Startup = Odd,
            }.Encode(),
            b => LoadMessage.Decode(b).Encode()),
        ["load failed"] = (new LoadFailedMessage(true, Odd, null).Encode(), b => LoadFailedMessage.Decode(b).Encode()),
        ["ready"] = (
            new ReadyMessage(
                [new FunctionDescription("greet", null, 0, 5000, 4, 3, [1, 2, 3], [], [
                    new ScheduleDescription("0 8 * * 1", "UTC", "{}", "Once", "Skip"),
                    new ScheduleDescription(Odd, "", "", "7", ""),
                ]), new FunctionDescription("big", Odd, 1, 0, 0, 0, [], new byte[300], [])],
                [Odd, ""]).Encode(),
            b => ReadyMessage.Decode(b).Encode()),
        ["head"] = (new HeadMessage(204, [new("X-A", "1"), new("X-A", Odd)]).Encode(), b => HeadMessage.Decode(b).Encode()),
        ["http request"] = (
            new HttpRequestHead("POST", "/a", "?b=c", [new("Accept", "*/*")]).Encode(), b => HttpRequestHead.Decode(b).Encode()),
        ["error"] = (new ErrorMessage(FailureCode.Cancelled, Odd, null, "$.a").Encode(), b => ErrorMessage.Decode(b).Encode()),
        ["log"] = (
            new LogMessage(
                638_000_000, 4, 12, "cat", Odd, null, "greet", UInt128.MaxValue - 5, "4bf92f3577b34da6a3ce929d0e0e4736", Properties, 17)
            {
                IsErrorOutput = true,
            }.Encode(),
            b => LogMessage.Decode(b).Encode()),
        ["stats"] = (new StatsMessage(1, 2, 3, 4, true).Encode(), b => StatsMessage.Decode(b).Encode()),
        ["invoke"] = (
            Encode(new InvokeHeader(
                65_535, UInt128.MaxValue / 3, 30_000, 2, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", ItemEncoding.Events)),
            b => Encode(InvokeHeader.Read(b, out _))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_OfWhatEncodeWrote_EncodesTheSameAgain(string name)
    {
        var (bytes, again) = Cases[name];
        Assert.Equal(bytes, again(bytes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_TruncatedAtAnyByte_IsAProtocolError(string name)
    {
        var (bytes, again) = Cases[name];
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.True(Record.Exception(() => again(cut)) is ProtocolException, $"{name} cut to {length} of {bytes.Length} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_WithOneByteTooMany_IsAProtocolError(string name)
    {
        var (bytes, again) = Cases[name];
        if (name != "invoke")
        {
            Assert.Throws<ProtocolException>(() => again([.. bytes, 0])); // Behind an invoke's header comes the payload.
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_HugeNumberAnywhere_AllocatesNothingLarge(string name)
    {
        var (bytes, again) = Cases[name];
        foreach (var number in new[] { int.MaxValue, int.MaxValue / 8, -1, int.MinValue })
        {
            for (var at = 0; at + sizeof(int) <= bytes.Length; at++)
            {
                var changed = (byte[])bytes.Clone();
                BitConverter.TryWriteBytes(changed.AsSpan(at), number);
                AssertTame(again, changed, $"{name} with {number} at {at}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_RandomBytesChanged_IsAMessageOrAProtocolError(string name)
    {
        var (bytes, again) = Cases[name];
        var random = new Random(20_240_917);
        for (var round = 0; round < 3000; round++)
        {
            var changed = (byte[])bytes.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            AssertTame(again, changed, $"{name}, round {round}");
        }
    }

    [Fact]
    public void Decode_OtherVersion_NamesBoth()
    {
        var hello = Assert.Throws<ProtocolException>(() => HelloMessage.Decode(new HelloMessage(9, "", "", 1).Encode()));
        var configure = Assert.Throws<ProtocolException>(() => ConfigureMessage.Decode(new ConfigureMessage(9, 1, 1, 1, 1).Encode()));
        Assert.All([hello, configure], e => Assert.Matches($"9.*{ProtocolVersion.Current}", e.Message));
    }

    [Fact]
    public void Encode_EndlessTextsInErrorAndLog_FitAFrame()
    {
        var text = new string('漢', 100_000);
        var properties = Enumerable.Range(0, 1000).Select(i => new KeyValuePair<string, object?>($"{i}{text}", text)).ToArray();
        Assert.InRange(
            new ErrorMessage(FailureCode.FunctionFailed, text, text, text).Encode().Length,
            1,
            CloudFunction.Protocol.Frames.FrameHeader.MaxPayloadBytes);
        Assert.InRange(
            new LogMessage(1, 1, 1, text, text, text, text, 1, text, properties, 0).Encode().Length, 1,
            CloudFunction.Protocol.Frames.FrameHeader.MaxPayloadBytes);
    }

    [Fact]
    public void Decode_Log_PropertiesKeepTheirKinds()
    {
        var log = LogMessage.Decode(new LogMessage(1, 1, 1, "c", "m", null, null, 0, null, Properties, 0).Encode());
        Assert.Equal(Properties, log.Properties);
        Assert.Equal("-19.90", Assert.IsType<decimal>(log.Properties[^1].Value).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Encode_LongTextInLog_IsCutBetweenCharactersAndSaysSo()
    {
        for (var ahead = 0; ahead < 4; ahead++)
        {
            var text = new string('a', ahead) + string.Concat(Enumerable.Repeat("\U0001F600", 20_000));
            var log = LogMessage.Decode(new LogMessage(1, 1, 1, "c", text, text, null, 0, null, [new("long", text), new("next", 1L)], 0).Encode());
            foreach (var cut in (string[])[log.Message, log.Exception!, (string)log.Properties[0].Value!])
            {
                Assert.EndsWith("\U0001F600…", cut, StringComparison.Ordinal);
                Assert.StartsWith(cut[..^1], text, StringComparison.Ordinal);
            }

            Assert.Equal(1L, log.Properties[1].Value);
        }
    }

    [Fact]
    public void Encode_StackOfAHundredLines_StaysWhole()
    {
        var stack = string.Concat(Enumerable.Repeat(
            "   at Some.Deeply.Nested.Namespace.Type.MethodAsync(String first, Int32 second) in /source/Some/Type.cs:line 1234\n", 200));
        Assert.Equal(stack, LogMessage.Decode(new LogMessage(1, 1, 1, "c", "m", stack, null, 0, null, [], 0).Encode()).Exception);
    }

    private static void AssertTame(Func<byte[], byte[]> again, byte[] bytes, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thrown = Record.Exception(() => again(bytes));
        Assert.True(thrown is null or ProtocolException, $"{what}: {thrown}");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 256 * 1024, $"{what}: {allocated} bytes were allocated");
    }

    private static byte[] Encode(InvokeHeader header)
    {
        var bytes = new byte[InvokeHeader.MaxBytes];
        return bytes[..header.Write(bytes)];
    }
}
