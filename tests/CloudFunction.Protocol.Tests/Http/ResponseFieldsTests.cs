using CloudFunction.Protocol.Http;

namespace CloudFunction.Protocol.Tests.Http;

public sealed class ResponseFieldsTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(599)]
    public void FindFault_AStatusOfAResponse_IsNone(int status) => Assert.Null(ResponseFields.FindFault(status, []));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(199)]
    [InlineData(600)]
    [InlineData(1000)]
    public void FindFault_AnyOtherStatus_IsNamed(int status) =>
        Assert.Contains($"status {status}", ResponseFields.FindFault(status, []), StringComparison.Ordinal);

    [Theory]
    [InlineData("Content-Length", "0")]
    [InlineData("content-length", "9223372036854775807")]
    [InlineData("X-Empty", "")]
    [InlineData("X-Tab", "a\tb ~")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ", "x")]
    [InlineData("Set-Cookie", "a=b; Path=/")]
    [InlineData("Date", "whenever")]
    public void FindFault_WhatCanBeSent_IsNone(string name, string value) => Assert.Null(ResponseFields.FindFault(200, [new(name, value)]));

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,1")]
    [InlineData("1.0")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999")]
    public void FindFault_ALengthThatIsNone_NamesTheHeader(string value) =>
        Assert.Contains("'Content-Length'", ResponseFields.FindFault(200, [new("Content-Length", value)]), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData(":status")]
    [InlineData("a\r\nb")]
    [InlineData("ä")]
    [InlineData("a\0")]
    public void FindFault_ANameThatIsNone_ShowsNothingThatCouldNotBeSent(string name)
    {
        var fault = ResponseFields.FindFault(200, [new(name, "x")]);

        Assert.Contains("a name that is none", fault, StringComparison.Ordinal);
        Assert.True(fault!.All(static character => character is >= ' ' and <= '~'), fault);
    }

    [Fact]
    public void FindFault_EachCharacterInAValue_IsOneUnlessVisibleAsciiSpaceOrTab()
    {
        for (var character = '\0'; character < 0x300; character++)
        {
            var isFine = character is '\t' or (>= ' ' and <= '~');
            Assert.True(isFine == ResponseFields.FindFault(200, [new("X-A", $"a{character}b")]) is null, $"U+{(int)character:X4}");
            Assert.True(isFine == ResponseFields.FindTrailerFault([new("X-A", $"a{character}b")]) is null, $"U+{(int)character:X4} in a trailer");
        }
    }

    [Fact]
    public void FindFault_ANullValue_IsOne() => Assert.NotNull(ResponseFields.FindFault(200, [new("X-A", null!)]));

    [Theory]
    [InlineData("Content-Length", "1")]
    [InlineData("Content-Type", "a/b")]
    [InlineData("Date", "x")]
    [InlineData("Server", "x")]
    [InlineData("Location", "/")]
    public void FindFault_OneOfAKindTwice_NamesIt(string name, string value)
    {
        var other = name.ToLowerInvariant();

        var fault = ResponseFields.FindFault(200, [new(name, value), new("X-A", "1"), new(other, value)]);

        Assert.Contains($"'{other}' is there more than once", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void FindFault_OthersTwice_IsNone() =>
        Assert.Null(ResponseFields.FindFault(200, [new("Set-Cookie", "a"), new("set-cookie", "b"), new("X-A", "1"), new("X-A", "1")]));

    [Theory]
    [InlineData("Content-Length", "1")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("Host", "a")]
    [InlineData("Connection", "close")]
    [InlineData("Set-Cookie", "a=b")]
    public void FindTrailerFault_WhatBelongsBeforeTheBody_IsNamed(string name, string value) =>
        Assert.Contains($"'{name}'", ResponseFields.FindTrailerFault([new("X-Sum", "1"), new(name, value)]), StringComparison.Ordinal);

    [Fact]
    public void FindTrailerFault_None_IsNone()
    {
        Assert.Null(ResponseFields.FindTrailerFault([]));
        Assert.Null(ResponseFields.FindTrailerFault([new("grpc-status", "0"), new("ETag", "x")]));
    }

    [Fact]
    public void LengthOf_IsWhatTheHeaderSays()
    {
        Assert.Null(ResponseFields.LengthOf([new("X-A", "5")]));
        Assert.Equal(5, ResponseFields.LengthOf([new("X-A", "1"), new("CONTENT-LENGTH", "005")]));
    }
}
