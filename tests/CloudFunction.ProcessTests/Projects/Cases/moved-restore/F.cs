using CloudFunction;
using Humanizer;

public class F
{
    [Function("say")]
    public string Say() => "one".Humanize(LetterCasing.Title);
}
