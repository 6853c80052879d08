using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

/// <summary>The catalog that other classes are tested with keeps what the contract says, else those tests would prove nothing.</summary>
public sealed class InMemoryDeploymentCatalogTests : DeploymentCatalogContract
{
    private readonly InMemoryDeploymentCatalog _catalog = new();

    private protected override IDeploymentCatalog Catalog => _catalog;

    // It shares its memory with the next host.
    private protected override Task ReopenAsync() => Task.CompletedTask;
}
