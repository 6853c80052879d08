using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>Hosts that share a store.</summary>
internal static class TestOwners
{
    public static readonly StoreOwner One = StoreOwner.New();
    public static readonly StoreOwner Two = StoreOwner.New();
}
