namespace CloudFunction.Runtime.Tasks;

/// <summary>How those that share a store keep what they have claimed in it, and find what others have lost.</summary>
internal interface IStoreLeases
{
    /// <summary>
    /// Renews an owner's lease, and ends those of others that are over: what these had claimed is free again, and what they ran was cut. Nobody else
    /// takes a claim whose owner renews in time, however long it is held. To be called several times a lease.
    /// </summary>
    /// <returns>False where the owner's own lease was over and others have ended it: its claims are lost, and what it writes by them changes nothing.
    /// New claims are its own again.</returns>
    Task<bool> RenewAsync(StoreOwner owner, CancellationToken cancellationToken);
}
