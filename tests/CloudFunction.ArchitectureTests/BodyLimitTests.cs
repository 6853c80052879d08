using System.Reflection;
using System.Text.RegularExpressions;

namespace CloudFunction.ArchitectureTests;

/// <summary>Bodies are read and written only where their clients have time limits: everywhere else a client decides how long
/// something is held.</summary>
public partial class BodyLimitTests
{
    // What each of them may do, and why its client cannot take for ever.
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["Endpoints/Bodies/WatchedBodyReader.cs"] = "keeps the limits of requests",
        ["Endpoints/Bodies/WatchedRequest.cs"] = "puts it in the place of the server's body, for every endpoint but the calls",
        ["Endpoints/Bodies/BodyReceiver.cs"] = "reads what is there at once; who has to wait does so in a WatchedBodyReader",
        ["Endpoints/Bodies/ResponseBody.cs"] = "keeps the limits of answers",
        ["Endpoints/Bodies/UnreadBody.cs"] = "within WatchedRequest",
        ["Endpoints/Bodies/ArchiveBody.cs"] = "within WatchedRequest",
        ["Endpoints/Bodies/MultipartForm.cs"] = "within WatchedRequest",
        ["Endpoints/Bodies/JsonObjectBody.cs"] = "within WatchedRequest",
        ["Endpoints/Invoke/ResultRelay.cs"] = "writes the envelope's ends, which never wait; the result goes through ResponseBody",
        ["Endpoints/Streaming/ItemResponse.cs"] = "writes an error behind the items, which the response's end sends",
        ["Endpoints/Answers/RefusedBody.cs"] = "has two seconds of its own",
        ["Endpoints/Answers/JsonResponse.cs"] = "writes what fits the server's buffer; what is larger goes through ResponseBody",
        ["Endpoints/Invoke/InvokeEndpoint.cs"] = "writes a result of one frame, which fits the server's buffer",
        ["Endpoints/Http/HttpFunctionEndpoint.cs"] = "hands on the reader of a request without a body",
    };

    private static string Root => Path.Combine(
        typeof(BodyLimitTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "src",
        "CloudFunction.AspNetCore");

    [Fact]
    public void Bodies_AreReadAndWritten_WhereLimitsHold()
    {
        var found = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(Root, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
            .Where(file => !file.Name.StartsWith("obj/", StringComparison.Ordinal) && !file.Name.StartsWith("bin/", StringComparison.Ordinal))
            .Where(file => BodyAccess().IsMatch(file.Text))
            .Select(file => file.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [InlineData("await context.Request.Body.CopyToAsync(file);", true)]
    [InlineData("request.BodyReader.TryRead(out var read);", true)]
    [InlineData("await response.Body.WriteAsync(bytes);", true)]
    [InlineData("context.Response.BodyWriter.Write(bytes);", true)]
    [InlineData("context.Response.SendFileAsync(path);", true)]
    [InlineData("new InvocationRequest(body.Reader)", false)]
    // Else the test above could not fail.
    public void Access_OfABody_IsFound(string code, bool isFound) => Assert.Equal(isFound, BodyAccess().IsMatch(code));

    [GeneratedRegex(@"\b([Rr]equest\.Body(Reader)?|[Rr]esponse\.Body(Writer)?|[Rr]esponse\.(SendFileAsync|WriteAsJsonAsync|WriteAsync))\b")]
    private static partial Regex BodyAccess();
}
