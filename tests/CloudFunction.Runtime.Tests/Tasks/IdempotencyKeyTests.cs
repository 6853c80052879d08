using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

public sealed class IdempotencyKeyTests
{
    [Fact]
    public void Of_AnyPartDiffers_IsAnotherScope()
    {
        IdempotencyKey[] keys =
        [
            IdempotencyKey.Of("a", "f", "c", "k", default), IdempotencyKey.Of("b", "f", "c", "k", default),
            IdempotencyKey.Of("a", "g", "c", "k", default),
            IdempotencyKey.Of("a", "f", "d", "k", default), IdempotencyKey.Of("a", "f", null, "k", default),
            IdempotencyKey.Of("a", "f", "", "k", default),
            IdempotencyKey.Of("a", "f", "c", "l", default), IdempotencyKey.Of("a", "f", "c", "", default),
        ];

        Assert.Equal(keys.Length, keys.Select(key => Convert.ToHexString(key.Scope)).Distinct().Count());
        Assert.Equal(keys[0].Scope, IdempotencyKey.Of("a", "f", "c", "k", "other"u8).Scope);
        Assert.NotEqual(keys[0].Payload, IdempotencyKey.Of("a", "f", "c", "k", "other"u8).Payload);
    }
}
