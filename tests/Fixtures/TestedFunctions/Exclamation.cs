namespace TestedFunctions;

public sealed class Exclamation : IPunctuation
{
    public string Mark => "!";
}
