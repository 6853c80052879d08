namespace CloudFunction.PackageTests;

/// <summary>Packs once for all tests.</summary>
[CollectionDefinition(Name)]
public sealed class PackedOnce : ICollectionFixture<PackedPackages>
{
    public const string Name = "packages";
}
