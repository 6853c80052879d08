using CloudFunction.Protocol;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

public class WorkerEndpointTests
{
    [Fact]
    public void Matches_HelloOfTheWorkerAlone_IsItsOwn()
    {
        var endpoint = WorkerEndpoint.Create("/run/host", "w1");
        var other = WorkerEndpoint.Create("/run/host", "w1");

        Assert.True(endpoint.Matches(Hello("w1", endpoint.Secret)));
        Assert.False(endpoint.Matches(Hello("w1", other.Secret)));
        Assert.False(endpoint.Matches(Hello("w2", endpoint.Secret)));
        Assert.False(endpoint.Matches(Hello("w1", endpoint.Secret + "0")));
        Assert.False(endpoint.Matches(Hello("w1", "")));
    }

    [Fact]
    public void ToString_ForMessages_KeepsTheSecret()
    {
        var endpoint = WorkerEndpoint.Create("/run/host", "w1");

        Assert.Equal(64, endpoint.Secret.Length);
        Assert.Equal("w1 at /run/host", endpoint.ToString());
    }

    private static HelloMessage Hello(string id, string secret) => new(ProtocolVersion.Current, id, secret, 1);
}
