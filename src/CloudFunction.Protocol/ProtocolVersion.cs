namespace CloudFunction.Protocol;

/// <summary>The one version of the protocol that this assembly speaks. A host and a worker of different versions refuse each
/// other, naming both.</summary>
internal static class ProtocolVersion
{
    public const int Current = 6;
}
