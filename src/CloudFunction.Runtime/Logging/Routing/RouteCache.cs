namespace CloudFunction.Runtime.Logging.Routing;

/// <summary>The way of one logger's records, kept until the configuration is another. Thread safe.</summary>
internal sealed class RouteCache(LogPipeline pipeline, string name)
{
    private LoggerRoute _route = pipeline.Tree.RouteOf(name);

    /// <summary>The way that is in force now.</summary>
    public LoggerRoute Current
    {
        get
        {
            var tree = pipeline.Tree;
            var route = _route;
            return ReferenceEquals(route.Tree, tree) ? route : _route = tree.RouteOf(name);
        }
    }
}
