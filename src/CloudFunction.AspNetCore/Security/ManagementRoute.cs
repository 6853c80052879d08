namespace CloudFunction.AspNetCore.Security;

/// <summary>Marks an endpoint whose handler the management guard stands before. Only the guard hands it out, with its protection.</summary>
internal sealed class ManagementRoute
{
    private ManagementRoute()
    {
    }

    public static ManagementRoute Instance { get; } = new();
}
