using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Tests;

/// <summary>A request that has reached the server.</summary>
internal sealed record RecordedRequest(string Method, string Target, string? Authorization, string? ContentType, string? Accept, JsonNode Body)
{
    public override string ToString() => $"""
        {Method} {Target}
        Authorization: {Authorization}
        Content-Type: {ContentType}
        Accept: {Accept}

        {Body.ToJsonString(new() { WriteIndented = true })}
        """.ReplaceLineEndings("\n");
}
