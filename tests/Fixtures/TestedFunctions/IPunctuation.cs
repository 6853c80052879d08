namespace TestedFunctions;

/// <summary>What ends a greeting.</summary>
public interface IPunctuation
{
    string Mark { get; }
}
