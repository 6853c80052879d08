using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

public sealed class CallbackUrlTests
{
    [Theory]
    [InlineData("http://example.com")]
    [InlineData("HTTPS://Example.COM:8443/a/b?c=d@e")]
    [InlineData("https://example.com./done")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://8.8.8.8:1/")]
    [InlineData("https://[2606:4700:4700::1111]:65535/x")]
    [InlineData("https://1e100.net/")]
    public void Check_PublicUrl_IsAllowed(string text) => Assert.Null(CallbackUrl.Check(text, allowPrivate: false));

    [Theory]
    [InlineData("", "absolute http")]
    [InlineData("/done", "absolute http")]
    [InlineData("example.com/done", "absolute http")]
    [InlineData("file:///etc/passwd", "absolute http")]
    [InlineData("ftp://example.com/", "absolute http")]
    [InlineData("gopher://example.com/", "absolute http")]
    [InlineData("javascript:alert(1)", "absolute http")]
    [InlineData("http:example.com", "absolute http")]
    [InlineData("http:///example.com", "absolute http")]
    [InlineData("http://", "absolute http")]
    [InlineData("http://example.com:65536/", "absolute http")]
    [InlineData("http://example.com:-1/", "absolute http")]
    [InlineData("http://[::1", "absolute http")]
    [InlineData("http://example.com:0/", "port 0")]
    [InlineData("http://user@example.com/", "a user or a password")]
    [InlineData("http://user:secret@example.com/", "a user or a password")]
    [InlineData("http://@example.com/", "a user or a password")]
    [InlineData("http://example.com/#part", "a fragment")]
    [InlineData("http://example.com#@127.0.0.1/", "a fragment")]
    [InlineData("http://example.com\\@127.0.0.1/", "a character")]
    [InlineData("http://exa mple.com/", "a character")]
    [InlineData(" http://example.com/", "a character")]
    [InlineData("http://example.com/\r\nX: y", "a character")]
    [InlineData("http://b\u00fccher.example/", "a character")]
    [InlineData("http://\uff11\uff12\uff17.0.0.1/", "a character")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "link-local")]
    [InlineData("http://[fe80::1]/", "link-local")]
    [InlineData("http://0.0.0.0/", "this network")]
    [InlineData("http://[::]/", "unspecified")]
    [InlineData("http://255.255.255.255/", "reserved")]
    [InlineData("http://192.0.2.1/", "documentation")]
    [InlineData("http://[2002:7f00:1::]/", "6to4")]
    [InlineData("http://127.1/", "several ways")]
    [InlineData("http://2130706433/", "several ways")]
    [InlineData("http://0x7f000001/", "several ways")]
    [InlineData("http://0x7f.1/", "several ways")]
    [InlineData("http://0177.0.0.1/", "several ways")]
    [InlineData("http://017700000001/", "several ways")]
    [InlineData("http://127.0.0.01/", "several ways")]
    [InlineData("http://134744072/", "several ways")]
    [InlineData("http://1.2.3.4.5/", "ends in a number")]
    [InlineData("http://256.256.256.256/", "ends in a number")]
    [InlineData("http://127.0.0.1./", "ends in a number")]
    [InlineData("http://example..com/", "absolute http|not a name")]
    [InlineData("http://ex%41mple.com/", "absolute http|not a name|neither")]
    [InlineData("http://%31%32%37.0.0.1/", "absolute http|not a name|neither|several ways")]
    [InlineData("http://[fe80::1%25eth0]/", "link-local|zone")]
    public void Check_WrongUrl_IsRefusedWithTheReasonEvenWherePrivateOnesAreAllowed(string text, string reasons)
    {
        var error = CallbackUrl.Check(text, allowPrivate: true);

        Assert.True(error is not null && reasons.Split('|').Any(error.Contains), $"{text}: {error}");
        Assert.Contains("allowed", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://100.64.1.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://anything.localhost/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://nas.home.arpa/")]
    [InlineData("http://database/")]
    public void Check_PrivateUrl_IsRefusedUnlessAllowed(string text)
    {
        Assert.Contains("leads to", CallbackUrl.Check(text, allowPrivate: false), StringComparison.Ordinal);
        Assert.Null(CallbackUrl.Check(text, allowPrivate: true));
    }

    [Fact]
    public void Check_Length_IsBounded()
    {
        var longest = "https://example.com/".PadRight(CallbackUrl.MaxLength, 'a');

        Assert.Null(CallbackUrl.Check(longest, allowPrivate: false));
        Assert.Contains($"{CallbackUrl.MaxLength + 1} characters", CallbackUrl.Check(longest + "a", allowPrivate: false), StringComparison.Ordinal);
    }
}
