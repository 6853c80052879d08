using CloudFunction.Worker.Loading;

namespace CloudFunction.Worker.Tests.Loading;

public class FunctionNameTests
{
    [Theory]
    [InlineData("Greet", "greet")]
    [InlineData("GreetFunction", "greet")]
    [InlineData("Function", "function")]
    [InlineData("FunctionFunction", "function")]
    [InlineData("SendOrderMail", "send-order-mail")]
    [InlineData("HTTPProxy2Function", "http-proxy2")]
    [InlineData("HTTP", "http")]
    [InlineData("Proxy2Go", "proxy2-go")]
    [InlineData("V2API", "v2-api")]
    [InlineData("ABTest", "ab-test")]
    [InlineData("My_Function", "my")]
    [InlineData("send_mail", "send-mail")]
    [InlineData("Send_Mail", "send-mail")]
    [InlineData("_Hidden", "-hidden")]
    [InlineData("Functional", "functional")]
    [InlineData("Größe", "größe")]
    public void Of_ClassName_IsKebabCaseWithoutSuffix(string className, string expected) =>
        Assert.Equal(expected, FunctionName.Of(className));
}
