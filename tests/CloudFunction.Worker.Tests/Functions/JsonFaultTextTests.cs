using System.Text.Json;
using System.Text.Json.Serialization;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Tests.Functions;

public sealed class JsonFaultTextTests
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    [Theory]
    [InlineData("""{"count":"x"}""", "The JSON value is not a whole number (32 bits).")]
    [InlineData("""{"count":1.5}""", "The JSON value is not a whole number (32 bits).")]
    [InlineData("""{"count":1,"maybe":"x"}""", "The JSON value is not true or false.")]
    [InlineData("""{"count":1,"id":"x"}""", "The JSON value is not a UUID (such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301).")]
    [InlineData("""{"count":1,"inner":[]}""", "The JSON value is not what is expected here.")]
    [InlineData("[]", "The JSON value is not what is expected here.")]
    [InlineData("{}", "Required properties are missing: 'count'.")]
    [InlineData("""{"count":1,"inner":{}}""", "Required properties are missing: 'name'.")]
    public void Of_WhatTheSerializerSays_IsInWordsOfJson(string json, string expected) =>
        Assert.Equal(expected, JsonFaultText.Of(FaultOf<SecretBag>(json)));

    [Theory]
    [InlineData("""{"count":1,"unknown":2}""", "'unknown'")]
    [InlineData("""{"count":1,"count":2}""", "'count'")]
    [InlineData("""{"count":1,"inner":{"name":null}}""", "name")]
    [InlineData("""{"count":1,"text":null}""", "text")]
    [InlineData("""{"count":1,"' on type 'x":2}""", "' on type 'x'")]
    [InlineData("""{"count":1,"kind":"Other"}""", "")]
    [InlineData("""{"count":}""", "")]
    [InlineData("""{"count":1""", "")]
    [InlineData("nul", "")]
    [InlineData("{}", "'count'")]
    [InlineData("[]", "")]
    [InlineData("""{"count":"x"}""", "")]
    public void Of_AnythingElse_NamesNoTypeAndNoLine(string json, string expected)
    {
        var text = JsonFaultText.Of(FaultOf<SecretOrder>(json));

        Assert.Contains(expected, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("LineNumber", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Path:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nullability", text, StringComparison.Ordinal);
        foreach (var type in new[] { "System.", nameof(SecretOrder), nameof(SecretPart), nameof(SecretKind), "CloudFunction" })
        {
            Assert.DoesNotContain(type, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_AConvertersOwnWords_StayAsTheyAre() => Assert.Equal("A colour is #rrggbb.", JsonFaultText.Of("A colour is #rrggbb."));

    private static string FaultOf<T>(string json) => Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<T>(json, Strict)).Message;

    private enum SecretKind
    {
        One,
    }

    // The serializer tells a property's type; of a constructor's parameter it tells the whole's.
    private sealed class SecretBag
    {
        public required int Count { get; set; }

        public bool? Maybe { get; set; }

        public Guid Id { get; set; }

        public SecretPart? Inner { get; set; }
    }

    private sealed record SecretOrder(
        int Count,
        bool? Maybe = null,
        Guid Id = default,
        SecretPart? Inner = null,
        string Text = "",
        [property: JsonConverter(typeof(JsonStringEnumConverter))] SecretKind Kind = SecretKind.One);

    private sealed record SecretPart(string Name);
}
