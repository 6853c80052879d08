using CloudFunction;

public class F
{
    [Function("say")]
    public string Say() => "one";
}
