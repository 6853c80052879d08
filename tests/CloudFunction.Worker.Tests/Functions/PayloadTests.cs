using System.Text;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

/// <summary>Types and payloads: which fit, and where and in which words the others do not.</summary>
public sealed class PayloadTests(PayloadProject fixture) : IClassFixture<PayloadProject>
{
    private readonly TestProject _project = fixture.Project;

    /// <summary>What a type computes is not checked, and no object twice.</summary>
    [Theory]
    [InlineData("money", """{"amount":5}""")]
    [InlineData("self", """{"n":"a"}""")]
    [InlineData("grow", """{"n":"a"}""")]
    [InlineData("fresh", """{"n":"a"}""")]
    [InlineData("point", """{"x":9}""")]
    [InlineData("node", """{"name":"a","kids":[{"name":"b","kids":[{"name":"c"}]},{"name":"d"}]}""")]
    [InlineData("lazy", """{"name":"x"}""")]
    [InlineData("checked", """{"name":"long"}""")]
    [InlineData("filled", """{"items":[{}]}""")]
    [InlineData("populated", """{"items":[{"n":"a"}]}""")]
    [InlineData("shape", """{"kind":"circle","r":5}""")]
    public async Task Invoke_TypesThatCompute_AreNotFollowed(string function, string json) => await FitsAsync(function, json);

    [Theory]
    [InlineData("money", """{"amount":101}""", "$.amount")]
    [InlineData("self", "{}", "$.n")]
    [InlineData("point", """{"x":10}""", "$.x")]
    [InlineData("node", """{"name":"a","kids":[{"name":"b","kids":[{"name":null}]}]}""", "$.kids[0].kids[0].name")]
    [InlineData("node", """{"name":"a","parent":{"kids":[{"name":"b"}]}}""", "$.parent.name")]
    [InlineData("lazy", """{"raw":["a"]}""", "$.name")]
    [InlineData("checked", "{}", "$.name")]
    [InlineData("checked", """{"other":"x"}""", "$.name")]
    [InlineData("checked", """{"name":"a"}""", "$.name")]
    [InlineData("populated", """{"items":[{"n":"a"},{}]}""", "$.items[1].n")]
    [InlineData("shape", """{"kind":"circle","r":6}""", "$.r")]
    [InlineData("shapes", """{"a b":[{"kind":"circle","r":1},{"kind":"circle","r":6}]}""", "$['a b'][1].r")]
    public async Task Invoke_ABrokenRule_IsAtItsPathAlone(string function, string json, string path)
    {
        var failure = await FailsAsync(function, json, path);

        Assert.DoesNotContain("Object reference", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(" $", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A long way down and into thousands of children with a pointer back: each is checked once.</summary>
    [Fact]
    public async Task Invoke_ManyThatPointBack_AreCheckedOnce()
    {
        var kids = string.Join(',', Enumerable.Repeat("""{"name":"a","kids":[{"name":"b"}]}""", 5000));

        await FitsAsync("node", "{\"name\":\"a\",\"kids\":[" + kids + "]}");
        await FailsAsync("node", "{\"name\":\"a\",\"kids\":[" + kids + ",{}]}", "$.kids[5000].name");
    }

    [Theory]
    [InlineData("""{"a":5000000000}""", "$.a", "The field a must be between 1 and 10.")]
    [InlineData("""{"b":3000000000}""", "$.b", "The field b must be between 1 and 100.")]
    [InlineData("""{"c":1e300}""", "$.c", "The field c must be between 0 and 5.")]
    [InlineData("""{"d":"99999999999"}""", "$.d", "The field d must be between 1 and 10.")]
    [InlineData("""{"d":"x"}""", "$.d", "The field d must be between 1 and 10.")]
    [InlineData("""{"e":"99999999999999"}""", "$.e", "The field e is invalid.")]
    [InlineData("""{"f":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}""", "$.f", "The field f must match the regular expression '^(a+)+$'.")]
    [InlineData("""{"g":5000000000}""", "$.g", "One to ten, please.")]
    [InlineData("""{"h":5000000000}""", "$.h", "The field h must be between 1 and 10.")]
    [InlineData("""{"i":[1,2,3,4]}""", "$.i", "The field i must be a string or array type with a maximum length of '3'.")]
    public async Task Invoke_ValuesBeyondTheRulesOwnNumbers_AreInItsWords(string json, string path, string message) =>
        Assert.Equal($"{path}: {message}", (await FailsAsync("limits", json, path)).Message);

    [Theory]
    [InlineData("r", """{"lines":[null]}""", "$.lines[0]")]
    [InlineData("r", """{"lines":[{"sku":"a"},{"sku":"b","note":null},null]}""", "$.lines[2]")]
    [InlineData("r", """{"LINES":[null]}""", "$.LINES[0]")]
    [InlineData("list", "[null]", "$[0]")]
    [InlineData("explicit", """[{"sku":"a"},null]""", "$[1]")]
    [InlineData("array", "[null]", "$[0]")]
    [InlineData("map", """{"a":{"sku":"a"},"b c":null}""", "$['b c']")]
    [InlineData("deep", """{"named":{"x":[],"y":[null]}}""", "$.named.y[0]")]
    [InlineData("deep", """{"named":{"x":null}}""", "$.named.x")]
    [InlineData("deep", """{"rows":[[],[{"sku":"a"},null]]}""", "$.rows[1][1]")]
    [InlineData("deep", """{"rows":[null]}""", "$.rows[0]")]
    [InlineData("deep", """{"read":{"a":null}}""", "$.read.a")]
    [InlineData("deep", """{"set":[{"sku":"a"},{"sku":"a"},null]}""", "$.set[2]")]
    [InlineData("deep", """{"stack":[{"sku":"a"},null,{"sku":"b"}]}""", "$.stack[1]")]
    [InlineData("deep", """{"array":["a",null]}""", "$.array[1]")]
    [InlineData("deep", """{"later":[null]}""", "$.later[0]")]
    [InlineData("deep", """{"unknown":[null],"inner":{"lines":[null]}}""", "$.inner.lines[0]")]
    [InlineData("pages", """{"full":{"items":[null]}}""", "$.full.items[0]")]
    [InlineData("page", """{"items":[null]}""", "$.items[0]")]
    [InlineData("pager", """{"next":{"next":{"items":[null]}}}""", "$.next.next.items[0]")]
    [InlineData("shape", """{"kind":"poly","lines":[null]}""", "$.lines[0]")]
    [InlineData("shapes", """{"a":[{"kind":"circle","r":1},{"kind":"poly","lines":[null]}]}""", "$.a[1].lines[0]")]
    [InlineData("shapes", """{"a":[null]}""", "$.a[0]")]
    public async Task Invoke_NullAmongWhatIsNotNullable_IsInvalid(string function, string json, string path) =>
        Assert.Equal("Null is not allowed here.", (await FailsAsync(function, json, path)).Message);

    [Theory]
    [InlineData("gaps", "[null]")]
    [InlineData("derived", "[null]")]
    [InlineData("old", """{"lines":[null]}""")]
    [InlineData("deep", """{"maybe":[null],"numbers":[null,1],"named":null,"any":[null]}""")]
    [InlineData("deep", """{"inner":null,"unknown":{"lines":[null]},"later":[{"sku":"null"}]}""")]
    [InlineData("pages", """{"gaps":{"items":[null]}}""")]
    [InlineData("deep", """{"grid":null,"short":"abc"}""")]
    [InlineData("r", """{"lines":[{"sku":"null","note":null}]}""")]
    public async Task Invoke_NullAmongWhatIsNullable_Fits(string function, string json) => await FitsAsync(function, json);

    [Theory]
    [InlineData("floats", """{"f":1e39}""", "$.f")]
    [InlineData("floats", """{"f":"1e39"}""", "$.f")]
    [InlineData("floats", """{"f":"NaN"}""", "$.f")]
    [InlineData("floats", """{"a":[1,1e39]}""", "$.a[1]")]
    [InlineData("floats", """{"a":[-1e39]}""", "$.a[0]")]
    [InlineData("floats", """{"d":"NaN"}""", "$.d")]
    [InlineData("floats", """{"d":"\u004eaN"}""", "$.d")]
    [InlineData("floats", """{"d":"Infinity"}""", "$.d")]
    [InlineData("floats", """{"d":"-Infinity"}""", "$.d")]
    [InlineData("floats", """{"h":"NaN"}""", "$.h")]
    [InlineData("floats", """{"h":1e6}""", "$.h")]
    [InlineData("floats", """{"m":"Infinity"}""", "$.m")]
    [InlineData("floats", """{"map":{"x":[1,"NaN"]}}""", "$.map.x[1]")]
    [InlineData("doubles", """{"a":"NaN"}""", "$.a")]
    [InlineData("half", "\"Infinity\"", "$")]
    [InlineData("numbers", "[[1],[2,\"NaN\"]]", "$[1][1]")]
    [InlineData("shape", """{"kind":"poly","lines":[],"width":1e40}""", "$.width")]
    [InlineData("floats", """{"d":1e400}""", "$.d")]
    [InlineData("floats", """{"map":{"x":[0,1e400]}}""", "$.map.x[1]")]
    public async Task Invoke_ANumberThatIsNotFinite_IsInvalid(string function, string json, string path) => await FailsAsync(function, json, path);

    [Theory]
    [InlineData("floats", """{"f":3.4e38,"a":[1,"2"],"d":"1e308","h":65504,"m":null,"exact":"5"}""")]
    [InlineData("floats", """{"text":"NaN","unknown":"Infinity","named":"NaN"}""")]
    [InlineData("doubles", """{"a":1.5,"text":"Infinity \u004e"}""")]
    [InlineData("numbers", "[[1.5,2],[]]")]
    public async Task Invoke_FiniteNumbersAndText_Fit(string function, string json) => await FitsAsync(function, json);

    [Theory]
    [InlineData("mix", """{"d":{"a":1,"A":2},"o":{"x":1,"x":2}}""", "$.o.x", "Duplicate property 'x'.")]
    [InlineData("mix", """{"zz":{"z":1,"z":2},"o":{"x":1,"x":2}}""", "$.o.x", "Duplicate property 'x'.")]
    [InlineData("mix", """{"o":{"y":[1,{"x":1,"X":2}]}}""", "$.o.y[1].X", "Duplicate property 'X'.")]
    [InlineData("mix", """{"e":{"X":[{"x":1,"X":3,"x":2}]}}""", "$.e.X[0].x", "Duplicate property 'x'.")]
    [InlineData("mix", """{"d":{"a":1,"a":2}}""", "$.d.a", "Duplicate property 'a'.")]
    [InlineData("json-object", """{"a":1,"a":2}""", "$.a", "Duplicate property 'a'.")]
    [InlineData("element", """{"a":1,"a":2}""", "$.a", "Duplicate property 'a'.")]
    [InlineData("document", """{"b":{"a":1,"a":2}}""", "$.b.a", "Duplicate property 'a'.")]
    [InlineData("anything", """[{"a":1,"a":2}]""", "$[0].a", "Duplicate property 'a'.")]
    [InlineData("more", """{"b":1,"b":2}""", "$.b", "Duplicate property 'b'.")]
    [InlineData("more", """{"b":{"x":1,"x":2}}""", "$.b.x", "Duplicate property 'x'.")]
    [InlineData("more-node", """{"b":1,"b":2}""", "$.b", "Duplicate property 'b'.")]
    [InlineData("picky", """{"first":"a","a":5}""", "$.a", "Three at most.")]
    [InlineData("fussy", """{"name":"a","a":5}""", "$.a", "Three at most.")]
    [InlineData("evens", """{"items":[{"number":2},{"number":3}]}""", "$.items[1]", "It is odd.")]
    [InlineData("later", """[{"kind":"circle","r":1},{"r":1}]""", "$[1]", "must begin with its type discriminator")]
    [InlineData("later", """[{"kind":"circle","r":1},{"kind":"circle","r":"x"}]""", "$[1].r", "Expected a number")]
    [InlineData("queue", """[{"kind":"circle","r":1},{"r":1}]""", "$[1]", "must begin with its type discriminator")]
    [InlineData("floats", """{"text":"\ud800"}""", "$.text", "line 1, byte 9")]
    [InlineData("floats", """{"map":{"x":[1]},"unknown":[{"y":"\udc00"}]}""", "$.unknown[0].y", "line 1, byte 34")]
    [InlineData("floats", """{"map":{"\ud800":[1]}}""", "$.map", "line 1, byte 9")]
    public async Task Invoke_AFault_HasTheInnermostPath(string function, string json, string path, string message) =>
        Assert.Contains(message, (await FailsAsync(function, json, path)).Message, StringComparison.Ordinal);

    /// <summary>What a constructor throws has its path in large payloads too, at a cost in proportion to their size.</summary>
    [Fact]
    public async Task Invoke_AConstructorThrowsInALargePayload_HasItsPath()
    {
        var good = string.Concat(Enumerable.Repeat("""{"number":2},""", 20_000));

        await FailsAsync("evens", "{\"items\":[" + good + """{"number":3}]}""", "$.items[20000]");
    }

    [Fact]
    public async Task Invoke_AConstructorThrowsBelowManyLevelsOfALargePayload_HasTheBeginOfItsPath()
    {
        var json = new StringBuilder();
        for (var i = 0; i < 50; i++)
        {
            json.Append("""{"next":""");
        }

        json.Append("{\"text\":\"").Append('x', 1_000_000).Append("\",\"even\":{\"number\":1}}").Append('}', 50);

        var failure = (await _project.InvokeAsync("chain", json.ToString())).Failed(FailureKind.InvalidPayload);

        Assert.StartsWith("$.next.next", failure.Field, StringComparison.Ordinal);
        Assert.Equal("It is odd.", failure.Message);
    }

    [Theory]
    [InlineData("""{"count":"one"}""", "$.count", "Expected a whole number (32 bits), the body has another string.")]
    [InlineData("""{"count":1.5}""", "$.count", "Expected a whole number (32 bits), the body has the number 1.5.")]
    [InlineData("""{"count":3000000000}""", "$.count", "Expected a whole number (32 bits), the body has the number 3000000000.")]
    [InlineData("""{"maybe":true}""", "$.maybe", "Expected a whole number (32 bits), the body has true.")]
    [InlineData("""{"small":256}""", "$.small", "Expected a whole number (0 to 255), the body has the number 256.")]
    [InlineData("""{"text":5}""", "$.text", "Expected a string, the body has the number 5.")]
    [InlineData("""{"flag":"yes"}""", "$.flag", "Expected true or false, the body has a string.")]
    [InlineData("""{"sign":"ab"}""", "$.sign", "Expected a string of one character, the body has another string.")]
    [InlineData("""{"color":"Green"}""", "$.color",
        "Expected the number of a kind: 0 (Red), 4 (Green) (names are taken where the project has a JsonStringEnumConverter), "
        + "the body has a string.")]
    [InlineData("""{"tone":"Loud"}""", "$.tone", "Expected one of 'Low', 'High', the body has another string.")]
    [InlineData("""{"when":"yesterday"}""", "$.when",
        "Expected a date and time (ISO 8601, such as 2026-01-31T08:15:30Z), the body has another string.")]
    [InlineData("""{"day":"31.1.2026"}""", "$.day", "Expected a date (such as 2026-01-31), the body has another string.")]
    [InlineData("""{"span":"1h"}""", "$.span",
        "Expected a duration (hours:minutes:seconds, such as 01:30:00, or with days 1.01:30:00), the body has another string.")]
    [InlineData("""{"id":"x"}""", "$.id", "Expected a UUID (such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301), the body has another string.")]
    [InlineData("""{"price":"1,5"}""", "$.price", "Expected a number, the body has another string.")]
    [InlineData("""{"lines":{}}""", "$.lines", "Expected an array, the body has an object.")]
    [InlineData("""{"lines":[{"sku":1}]}""", "$.lines[0].sku", "Expected a string, the body has the number 1.")]
    [InlineData("""{"line":[]}""", "$.line", "Expected an object, the body has an array.")]
    [InlineData("""{"counts":{"a":1,"b":"x"}}""", "$.counts.b", "Expected a whole number (32 bits), the body has another string.")]
    [InlineData("""{"data":"*"}""", "$.data", "Expected a string in Base64, the body has another string.")]
    [InlineData("5", "$", "Expected an object, the body has the number 5.")]
    public async Task Invoke_AnotherType_SaysWhatIsExpectedAndWhatIsThere(string json, string path, string message) =>
        Assert.Equal(message, (await FailsAsync("kinds", json, path)).Message);

    [Fact]
    public async Task Invoke_AKeyThatIsNone_NamesNoType()
    {
        var failure = await FailsAsync("kinds", """{"keys":{"x":"a"}}""", "$.keys.x");

        Assert.Equal("The JSON value is not a whole number (32 bits).", failure.Message);
    }

    [Theory]
    [InlineData("many", """{"gamma":"a"}""", "$")]
    [InlineData("manies", """{"items":{"a":{"Gamma":"a"}}}""", "$.items.a")]
    public async Task Invoke_MuchIsMissing_IsNamedWhole(string function, string json, string path) => Assert.Equal(
        "Required properties are missing: 'alpha', 'beta', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa'.",
        (await FailsAsync(function, json, path)).Message);

    [Theory]
    [InlineData("{\n \"count\":1\n \"maybe\":2\n}", "line 3, byte 1")]
    [InlineData("{\"count\":1", "line 1, byte 10")]
    [InlineData("{\"count\":1,}", "line 1, byte 11")]
    [InlineData("{\"lines\":[],\n\"line\":nul}", "line 2, byte 10")]
    [InlineData("{\"count\":1}x", "line 1, byte 11")]
    [InlineData("  ", "line 1, byte 2")]
    public async Task Invoke_BrokenText_SaysLineAndByte(string json, string place)
    {
        var typed = (await _project.InvokeAsync("kinds", json)).Failed(FailureKind.InvalidPayload);
        var untyped = (await _project.InvokeAsync("untyped", json)).Failed(FailureKind.InvalidPayload);

        Assert.StartsWith("$", typed.Field, StringComparison.Ordinal);
        Assert.EndsWith($" It is at {place}.", typed.Message, StringComparison.Ordinal);
        foreach (var inside in new[] { "reader options", "isFinalBlock", "LineNumber", "Path:" })
        {
            Assert.DoesNotContain(inside, typed.Message + untyped.Message, StringComparison.Ordinal);
        }
    }

    private async Task FitsAsync(string function, string json) => Assert.Equal("\"ok\"", (await _project.InvokeAsync(function, json)).Result);

    private async Task<InvocationFailure> FailsAsync(string function, string json, string path)
    {
        var failure = (await _project.InvokeAsync(function, json)).Failed(FailureKind.InvalidPayload);
        Assert.True(path == failure.Field, $"{failure.Field}: {failure.Message} {failure.Exception}");
        Assert.DoesNotContain("System.", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
