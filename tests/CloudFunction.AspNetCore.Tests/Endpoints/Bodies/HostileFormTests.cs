using System.Text;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

/// <summary>Forms of very many parts, headers and names.</summary>
public sealed class HostileFormTests
{
    private const string Part = "--b\r\nContent-Disposition: form-data; name=\"function_name\"\r\n\r\ngreet\r\n";

    public static TheoryData<string, string> Bodies => new()
    {
        { "many unknown parts", Repeat(i => $"--b\r\nContent-Disposition: form-data; name=\"x{i}\"\r\n\r\n\r\n", 10_000) },
        { "one part over and over", Repeat(_ => Part, 10_000) },
        { "many headers", $"--b\r\n{Repeat(i => $"X{i}: y\r\n", 500)}Content-Disposition: form-data; name=\"code\"\r\n\r\n\r\n" },
        { "a header over and over", $"--b\r\n{Repeat(_ => "Content-Disposition: form-data; name=\"code\"\r\n", 500)}\r\n\r\n" },
        { "a long name", $"--b\r\nContent-Disposition: form-data; name=\"{new string('n', 16_000)}\"\r\n\r\n\r\n" },
        { "a name as long as may be", $"--b\r\nContent-Disposition: form-data; name=\"{new string('n', 8000)}\"\r\n\r\n\r\n" },
        { "many parameters", $"--b\r\nContent-Disposition: form-data; {Repeat(i => $"p{i}=1; ", 700)}name=\"x\"\r\n\r\n\r\n" },
        { "a line with no end", $"--b\r\n{new string('x', 500_000)}" },
        { "a preamble", new string('x', 500_000) },
        { "lines before the first part", Repeat(_ => "--\r\n", 100_000) },
        { "boundaries that are none", Repeat(_ => "\r\n--", 100_000) },
        { "an epilogue", $"{Part}--b--\r\n{new string('x', 500_000)}" },
        { "half boundaries in a part", $"--b\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\n{Repeat(_ => "\r\n--", 200_000)}" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Deploy_FormOfRepetitions_IsRefusedAtOnceWithAShortAnswer(string what, string body)
    {
        await using var app = await TestApp.StartAsync();
        foreach (var path in (string[])["/api/v1/functions/hello/deploy", "/api/v1/projects/hello/deploy"])
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
            using var response = await app.Client.PostAsync(path, content).WaitAsync(TimeSpan.FromSeconds(30));

            var answer = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode is 400 or 413, $"{what}: {(int)response.StatusCode} {answer}");
            Assert.InRange(answer.Length, 1, 5000);
        }

        Assert.DoesNotContain(app.Operations.Acts, act => act.StartsWith("function", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "\"x{0}\":1,", "\"z\":1}")]
    [InlineData("{", "\"name\":1,", "\"z\":1}")]
    [InlineData("{\"schedule\":{", "\"x{0}\":1,", "\"z\":1}}")]
    [InlineData("{\"schedule\":{", "\"hour\":1,", "\"z\":1}}")]
    [InlineData("{\"schedule\":", "{\"a\":", "1")]
    [InlineData("{\"args\":", "[", "")]
    [InlineData("{\"", "x", "\":1}")]
    [InlineData("{\"cron\":\"", "* ", "\"}")]
    [InlineData("{\"timezone\":\"", "../", "\",\"cron\":\"* * * * *\"}")]
    public async Task PostSchedule_BodyOfRepetitions_IsRefusedAtOnceWithAShortAnswer(string start, string piece, string end)
    {
        var body = new StringBuilder(start);
        for (var i = 0; body.Length < 60_000; i++)
        {
            body.Append(piece.Replace("{0}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await using var app = await TestApp.StartAsync();
        using var content = new StringContent(body.Append(end).ToString(), Encoding.UTF8, "application/json");
        using var response = await app.Client.PostAsync("/api/v1/schedules", content).WaitAsync(TimeSpan.FromSeconds(30));

        var answer = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode is 400 or 422, $"{(int)response.StatusCode} {answer}");
        Assert.InRange(answer.Length, 1, 30_000);
    }

    private static string Repeat(Func<int, string> piece, int count) => string.Concat(Enumerable.Range(0, count).Select(piece));
}
