using System.Buffers;
using System.Text;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

/// <summary>From the payload to the request.</summary>
public sealed class BindingTests : IClassFixture<BindingProject>
{
    private readonly TestProject _project;

    public BindingTests(BindingProject fixture) => _project = fixture.Project;

    [Fact]
    public async Task Typed_FittingBody_IsBoundByWebDefaults() =>
        Assert.Equal(
            "\"a 3 2.5 x\"", (await _project.InvokeAsync("typed", """ {"ID":"a","count":"3","price":2.5,"note":"x","unknown":{}} """)).Result);

    [Theory]
    [InlineData("""{"id":"a","count":"x"}""", "$.count")]
    [InlineData("""{"id":"a","count":1,"parts":[{"id":"b","count":1},{"id":"c","count":null}]}""", "$.parts[1].count")]
    [InlineData("""{"id":null,"count":1}""", "$.id")]
    [InlineData("""{"count":1}""", "$")]
    [InlineData("""{"id":"a","count":1,"id":"b"}""", "$.id")]
    [InlineData("""{"id":"a","count":1}x""", "$")]
    [InlineData("""{"id":"a","count":1}{}""", "$")]
    [InlineData("""{"id":"a","count":1""", "$.count")]
    [InlineData("""{"id":"a","count":1,}""", "$")]
    [InlineData("""{"id":"a","count":1,"price":NaN}""", "$.price")]
    [InlineData("""{"id":"a","count":1,"price":1e999}""", "$.price")]
    [InlineData("""{"id":"a","count":1,"price":"1e999"}""", "$.price")]
    [InlineData("""{"id":"\ud800","count":1}""", "$.id")]
    [InlineData("""{"id":"a","count":1,"unknown":"\udc00"}""", "$.unknown")]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("   ", "$")]
    public async Task Typed_BodyThatDoesNotFit_IsInvalidWithItsPath(string json, string path)
    {
        var failure = (await _project.InvokeAsync("typed", json)).Failed(FailureKind.InvalidPayload);

        Assert.Equal(path, failure.Field);
        Assert.DoesNotContain("LineNumber:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Order", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Message);
    }

    [Theory]
    [InlineData("{\"a\":1}x", "line 1, byte 7")]
    [InlineData("{\n\"a\":tru\n}", "line 2, byte 7")]
    [InlineData("{\n \"a\": \"\\ud800\"\n}", "line 2, byte 7")]
    [InlineData("[1,\n\n 1e999]", "line 3, byte 1")]
    [InlineData("[NaN]", "line 1, byte 1")]
    public async Task Untyped_BrokenBody_IsInvalidWithLineAndByte(string json, string place) =>
        Assert.Equal(place, (await _project.InvokeAsync("untyped", json)).Failed(FailureKind.InvalidPayload).Field);

    [Fact]
    public async Task Untyped_DuplicateProperty_IsInvalid()
    {
        var failure = (await _project.InvokeAsync("untyped", """{"a":1,"b":{"c":1,"c":2}}""")).Failed(FailureKind.InvalidPayload);

        Assert.Contains("'c'", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("line 1, byte ", failure.Field, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("untyped")]
    [InlineData("typed")]
    public async Task Any_InvalidUtf8_IsInvalidWhereverItStands(string function)
    {
        byte[] body = [.. "{\"id\":\"a\",\n\"count\":1,\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        var failure = (await _project.InvokeAsync(function, new ReadOnlySequence<byte>(body), TestProject.Metadata(1))).Failed(
            FailureKind.InvalidPayload);

        Assert.Contains("UTF-8", failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 2, byte 15", failure.Field + failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task Untyped_Depth_IsBounded(int depth, bool fits)
    {
        var outcome = await _project.InvokeAsync("untyped", new string('[', depth) + new string(']', depth));

        Assert.Equal(fits, outcome.Failure is null);
        Assert.True(fits || outcome.Failure!.Kind == FailureKind.InvalidPayload);
    }

    [Theory]
    [InlineData("typed")]
    [InlineData("number")]
    [InlineData("oblivious")]
    [InlineData("text")]
    public async Task Typed_EmptyBody_IsInvalidWhereNullIsNotTaken(string function)
    {
        var failure = (await _project.InvokeAsync(function)).Failed(FailureKind.InvalidPayload);

        Assert.Equal("A JSON body is required.", failure.Message);
        Assert.Equal(FailureKind.InvalidPayload, (await _project.InvokeAsync(function, "null")).Failure?.Kind);
    }

    [Theory]
    [InlineData("maybe-number", "\"none\"")]
    [InlineData("maybe-order", "\"none\"")]
    [InlineData("maybe-explicit", "\"none\"")]
    [InlineData("element", "\"Null\"")]
    [InlineData("untyped", "\"null!\"")]
    public async Task Any_EmptyBodyOrNull_ReachesWhoTakesNull(string function, string result)
    {
        Assert.Equal(result, (await _project.InvokeAsync(function)).Result);
        Assert.Equal(result, (await _project.InvokeAsync(function, "null")).Result);
    }

    [Fact]
    public async Task Typed_EmptyAndNullStrings_AreTwoThings()
    {
        Assert.Equal("\"\"", (await _project.InvokeAsync("text", "\"\"")).Result);
        Assert.Equal("\"null\"", (await _project.InvokeAsync("text", "\"null\"")).Result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Any_BodyInSegments_IsBoundAsIfWhole(int size)
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"größer \u00e4\ud83d\ude00","count":12345}""");

        Assert.Equal(
            "\"größer ä\\uD83D\\uDE00 12345 1 \"", (await _project.InvokeAsync("typed", Segments.Of(body, size), TestProject.Metadata(1))).Result);
        var broken = await _project.InvokeAsync("typed", Segments.Of([.. body, (byte)'x'], size), TestProject.Metadata(1));
        Assert.Equal(FailureKind.InvalidPayload, broken.Failure?.Kind);
    }

    [Fact]
    public async Task Untyped_Element_OutlivesThePayload()
    {
        var body = Encoding.UTF8.GetBytes("""{"v":"first"}""");
        await _project.InvokeAsync("keeper", new ReadOnlySequence<byte>(body), TestProject.Metadata(1));

        body.AsSpan().Clear();

        Assert.Equal("\"first\"", (await _project.InvokeAsync("keeper", """{"v":"second"}""")).Result);
    }

    /// <summary>Whatever binding throws, the serializer's own or the project's: another payload would fit, and the same one never will.</summary>
    [Theory]
    [InlineData("form", """{"r":1}""", "$", "must begin with its type discriminator")]
    [InlineData("form", """{"r":1,"kind":"circle"}""", "$", "must begin with its type discriminator")]
    [InlineData("form", """{"kind":"square"}""", "$", "unrecognized type discriminator")]
    [InlineData("odd", """{"form":{"r":1}}""", "$.form", "must begin with its type discriminator")]
    [InlineData("odd", """{"forms":[{"kind":"circle","r":1},{"r":1,"kind":"circle"}]}""", "$.forms[1]", "must begin with its type discriminator")]
    [InlineData("node", """{"a":1,"a":2}""", "$.a", "Duplicate property 'a'.")]
    [InlineData("node", """{"x":[{"y y":{"a":1,"A":2}}]}""", "$.x[0]['y y'].A", "Duplicate property 'A'.")]
    [InlineData("odd", """{"node":{"b":{"a":1,"a":2}}}""", "$.node.b.a", "Duplicate property 'a'.")]
    [InlineData("odd", """{"nodes":{"b":[1,{"a":1,"a":2}]}}""", "$.nodes.b[1].a", "Duplicate property 'a'.")]
    [InlineData("odd", """{"other":{"a":1,"a":2}}""", "$.other.a", "Duplicate property 'a'.")]
    [InlineData("odd", """{"other":1,"other":2}""", "$.other", "Duplicate propert")]
    [InlineData("form", """{"kind":"node","o":{"a":1,"a":2}}""", "$.o.a", "Duplicate property 'a'.")]
    [InlineData("form", """{"kind":"group","items":[{"kind":"group","items":[],"age":{"age":-1}}]}""", "$.items[0].age.age", "Nobody is that young.")]
    [InlineData("odd", """{"pickies":[{"age":1},{"age":-1}]}""", "$.pickies[1].age", "Nobody is that young.")]
    [InlineData("odd", """{"even":{"number":3}}""", "$.even", "It is odd.")]
    [InlineData("odd", """{"digits":"x"}""", "$.digits", "'x'")]
    [InlineData("odd", """{"shape":{}}""", "$.shape", "cannot be read from JSON")]
    [InlineData("odd", """{"type":"System.String"}""", "$.type", "cannot be read from JSON")]
    [InlineData("unbindable", "{}", "$", "cannot be read from JSON")]
    [InlineData("throwing-setter", """{"age":-1}""", "$.age", "Nobody is that young.")]
    public async Task Typed_BindingThrows_IsThePayloadsFaultWithItsPath(string function, string json, string path, string message)
    {
        var failure = (await _project.InvokeAsync(function, json)).Failed(FailureKind.InvalidPayload);

        Assert.Equal(path, failure.Field);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Path:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'Form'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("odd", """{"form":{"kind":"circle","r":1},"node":{"a":1},"digits":"12","even":{"number":2}}""", "\"fits\"")]
    [InlineData("node", """{"a":1,"b":2}""", "2")]
    [InlineData("typed", """{"id":"a","count":3}""", "\"a 3 1 \"")]
    [InlineData("untyped", """{"a":1}""", "\"{\\u0022a\\u0022:1}\"")]
    [InlineData("maybe-order", "", "\"none\"")]
    public async Task Any_ByteOrderMarkFirst_IsSkipped(string function, string json, string result)
    {
        Assert.Equal(result.Replace("\\u0022", "\\\"", StringComparison.Ordinal), (await _project.InvokeAsync(function, "\uFEFF" + json)).Result);

        var body = Encoding.UTF8.GetBytes("\uFEFF" + json + " ");
        var inPieces = await _project.InvokeAsync(function, Segments.Of(body, 1), TestProject.Metadata(1));
        Assert.Equal(json.Length == 0 ? FailureKind.InvalidPayload : null, inPieces.Failure?.Kind);
    }

    [Fact]
    public async Task Any_TwoByteOrderMarks_IsInvalid() =>
        Assert.Equal(FailureKind.InvalidPayload, (await _project.InvokeAsync("untyped", "\uFEFF\uFEFF1")).Failure?.Kind);
}
