using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CloudFunction.AspNetCore.Endpoints.Tasks;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Tasks;

/// <summary>Both scans against what reads a document whole, however it is cut into pieces.</summary>
public sealed class JsonScanTests
{
    private static readonly string[] Parts =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\u00e9\"", "\"\\uD800\"", "\"\\x\"", "\"\\\"\"", "\"\t\"", "\"é😀\"", "0", "01", "-", "-0",
        "1.5", "1.", ".5", "1e5", "1E+", "1e-07",
        "true", "false", "null", "nul", "True", " ", "\n", "\r\n", "\u00a0", "\ufeff", "/*x*/", "NaN", "\0", "{\"a\":1}", "[1,2]", "[]", "{}",
        "\"a\":",
    ];

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0")]
    [InlineData("-0.0e-0 ")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1 2]")]
    [InlineData("[}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("tru")]
    [InlineData("nulll")]
    [InlineData("1 2")]
    [InlineData("\"open")]
    [InlineData("\"\\u12\"")]
    [InlineData("{\"a\":{\"b\":[1,{\"c\":null}]}}")]
    public void Push_ADocument_AgreesWithWhatReadsItWhole(string text) => AssertAgrees(Encoding.UTF8.GetBytes(text), new Random(1));

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    public void Push_Nested_AgreesAboutTheDepth(int depth)
    {
        AssertAgrees(Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth)), new Random(1));
        AssertAgrees(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)), new Random(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Push_RandomTexts_AgreesWithWhatReadsThemWhole(int seed)
    {
        var random = new Random(seed);
        var valid = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = random.Next(2) == 0
                ? Document(random, 0)
                : string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Parts[random.Next(Parts.Length)]));
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > 0 && random.Next(3) == 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            valid += AssertAgrees(bytes, random) ? 1 : 0;
        }

        Assert.InRange(valid, 2_000, 19_000); // Else it would be no test of both.
    }

    private static bool AssertAgrees(byte[] bytes, Random random)
    {
        var (json, text) = (new JsonScan(), new Utf8Scan());
        var (isJson, isText) = (true, true);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(bytes.Length - at, random.Next(1, 5));
            isText = isText && text.Push(bytes.AsSpan(at, count));
            isJson = isJson && json.Push(bytes.AsSpan(at, count));
            at += count;
        }

        var expected = IsJson(bytes);
        Assert.True(Utf8.IsValid(bytes) == (isText && text.IsWhole), $"UTF-8: {Convert.ToHexString(bytes)}");
        Assert.True(
            expected == (isText && text.IsWhole && isJson && json.IsWhole), $"JSON: {Encoding.UTF8.GetString(bytes)} ({Convert.ToHexString(bytes)})");
        return expected;
    }

    private static bool IsJson(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
                // To its end.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Document(Random random, int depth) => random.Next(depth > 3 ? 5 : 7) switch
    {
        0 => Parts[random.Next(Parts.Length)],
        1 => $"{random.Next(-1000, 1000)}",
        2 => $"\"{(char)random.Next(32, 0x3000)}\"",
        3 => random.Next(2) == 0 ? "true" : "null",
        4 => $"{random.Next()}.{random.Next(1000)}e{random.Next(-9, 9)}",
        5 => $"[{string.Join(" ,", Enumerable.Range(0, random.Next(4)).Select(_ => Document(random, depth + 1)))}]",
        _ => $"{{{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(i => $"\"n{i}\" : {Document(random, depth + 1)}"))}}}",
    };
}
