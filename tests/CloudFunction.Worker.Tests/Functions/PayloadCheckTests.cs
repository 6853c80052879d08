using System.Text;
using System.Text.Json;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

public class PayloadCheckTests
{
    [Theory]
    [InlineData("\"\\ud800\"", 1)]
    [InlineData("\"\\uDBFF\\u0041\"", 1)]
    [InlineData("\"\\udc00\\ud800\"", 1)]
    [InlineData("\"\\ud800\\ud800\\udc00\"", 1)]
    [InlineData("\"\\ud83d\\ude00\\ude00\"", 13)]
    [InlineData("\"ab\\\\\\ud800\"", 5)]
    [InlineData("[\"\\ud800\",\"\\udc00\"]", 2)]
    [InlineData("\"\\ud800x\\udc00\"", 1)]
    [InlineData("\"\\ud800\\n\\udc00\"", 1)]
    public void Find_LoneSurrogate_IsFoundWhereItStands(string json, int offset) =>
        Assert.Equal(offset, Find(json)?.Offset);

    [Theory]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData("\"\\u0041\\ud83d\\ude00\\u0041\"")]
    [InlineData("\"\\\\ud800\"")]
    [InlineData("\"\\\\\\\\ud800\"")]
    [InlineData("\"ud800\"")]
    [InlineData("\"\\uZZZZ\"")]
    [InlineData("\"\\ud8")]
    [InlineData("\\")]
    public void Find_NoLoneSurrogate_FindsNothing(string json) => Assert.Null(Find(json));

    [Theory]
    [InlineData("1e309", 0)]
    [InlineData("[1, -1E+400]", 4)]
    [InlineData("{\"a\":1.5e00000999}", 5)]
    public void Find_NumberBeyondDouble_IsFoundWhereItStands(string json, int offset) =>
        Assert.Equal(offset, Find(json)?.Offset);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(199)]
    public void Find_VeryLongNumber_IsFoundWhereverItStands(int before)
    {
        var json = $"[\"{new string('x', before)}\",{new string('9', 310)}]";

        Assert.Equal(before + 4, Find(json)?.Offset);
    }

    [Theory]
    [InlineData("1e308")]
    [InlineData("1e-999")]
    [InlineData("\"1e999\"")]
    [InlineData("[\"a1e999\", 2.5e10]")]
    [InlineData("1e999 x")]
    public void Find_FiniteNumbersAndText_FindsNothingUnlessANumberIsInfinite(string json) =>
        Assert.Equal(json == "1e999 x", Find(json) is not null);

    private static PayloadFault? Find(string json) => PayloadCheck.Find(Encoding.UTF8.GetBytes(json), new JsonReaderOptions());
}
