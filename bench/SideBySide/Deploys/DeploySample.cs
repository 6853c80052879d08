namespace SideBySide.Deploys;

/// <summary>One deploy and how it was answered.</summary>
internal sealed record DeploySample(int Number, char Letter, string Fault, int Status, double Milliseconds);
