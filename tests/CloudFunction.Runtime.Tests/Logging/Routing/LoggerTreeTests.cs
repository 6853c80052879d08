using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Tests.Logging.Formatting;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using static CloudFunction.Runtime.Tests.Logging.Fakes.LoggingConfigurations;

namespace CloudFunction.Runtime.Tests.Logging.Routing;

public class LoggerTreeTests
{
    private static readonly PipelineScope WholeHost = new(true, []);

    [Theory]
    [InlineData("Anything", "root")]
    [InlineData("CloudFunctions.Other", "root")]
    [InlineData("CloudFunction.Runtime.Workers.WorkerSupervisor", "host")]
    [InlineData("cloudfunction.projects.shop", "app")]
    [InlineData("cloudfunction.projects.bank", "bank")]
    public void RouteOf_Name_TakesTheNearestLoggerInAnyCase(string name, string file)
    {
        var tree = Tree(WholeHost);

        Assert.Equal([file], Files(tree.RouteOf(name)));
    }

    [Fact]
    public void RouteOf_LoggerThatPropagates_TakesItsAncestorsHandlersTooAndOneOfBothTwice()
    {
        var tree = new LoggerTree(
            Of([File("root", "/r"), File("mid", "/m"), File("low", "/l")], Rule("root", LogEventLevel.Warning, false, "root"),
                Rule("a", null, true, "mid"), Rule("a.b.c", LogEventLevel.Debug, true, "low", "mid")),
            WholeHost);

        var route = tree.RouteOf("a.b.c.d");

        Assert.Equal(["low", "mid", "mid", "root"], Files(route));
        Assert.Equal((int)LogEventLevel.Debug, route.Level);
        Assert.Equal((int)LogEventLevel.Warning, tree.RouteOf("a.b").Level);
    }

    [Fact]
    public void RouteOf_HandlersThatWantLess_HaveTheLastWord()
    {
        var tree = new LoggerTree(Of([File("error", "/e", LogEventLevel.Error)], Rule("root", LogEventLevel.Debug, false, "error")), WholeHost);

        Assert.False(tree.RouteOf("a").IsEnabled(LogEventLevel.Warning));
        Assert.True(tree.RouteOf("a").IsEnabled(LogEventLevel.Error));
    }

    [Fact]
    public void RouteOf_NoHandler_WritesWarningsToStandardErrorAsPythonDoes()
    {
        var route = new LoggerTree(Of([], Rule("root", LogEventLevel.Verbose, false)), WholeHost).RouteOf("a");

        Assert.Equal((int)LogEventLevel.Warning, route.Level);
        var console = Assert.Single(route.Consoles.ToArray());
        Assert.True(console.IsError);
        Assert.Equal("hello\n", console.Formatter.Write(Records.Create("hello", LogEventLevel.Warning)));
    }

    [Fact]
    public void RouteOf_NoHandlerInAnAppWithAConsoleOfItsOwn_WantsNothing()
    {
        var tree = new LoggerTree(Of([], Rule("root", LogEventLevel.Verbose, false)), PipelineScope.OwnCategories);

        Assert.False(tree.RouteOf("CloudFunction.Runtime").IsEnabled(LogEventLevel.Fatal));
    }

    [Fact]
    public void RouteOf_Project_PutsItsNameIntoThePath()
    {
        var route = Tree(WholeHost).RouteOf("cloudfunction.projects.shop");

        Assert.Equal("/projects/shop/app.log", route.Files[0].Path);
        Assert.Equal("shop", route.Project);
    }

    [Theory]
    [InlineData("cloudfunction.projects")]
    [InlineData("cloudfunction.projects.../../etc")]
    [InlineData("cloudfunction.projects.Shop")]
    public void RouteOf_NameThatIsNoProjects_WritesNoProjectsFile(string name)
    {
        var route = Tree(WholeHost).RouteOf(name);

        Assert.Empty(Files(route));
        Assert.Null(route.Project);
    }

    [Fact]
    public void RouteOf_AppWithAConsoleOfItsOwn_TakesTheHostsOwnFilesAlone()
    {
        var tree = Tree(PipelineScope.OwnCategories);

        Assert.Equal(["host"], Files(tree.RouteOf("CloudFunction.Runtime")));
        Assert.True(tree.RouteOf("CloudFunction.Runtime").Consoles.IsEmpty);
        Assert.False(tree.RouteOf("Microsoft.Hosting.Lifetime").IsEnabled(LogEventLevel.Fatal));
    }

    [Fact]
    public void RouteOf_FloorWithoutLogger_HoldsTheCategoryBack()
    {
        var tree = Tree(new PipelineScope(true, [new("Chatty", LogLevel.Warning), new("Chatty.Most", LogLevel.None)]));

        Assert.Equal((int)LogEventLevel.Warning, tree.RouteOf("Chatty.Often").Level);
        Assert.False(tree.RouteOf("Chatty.Most.Ever").IsEnabled(LogEventLevel.Fatal));
        Assert.Equal((int)LogEventLevel.Information, tree.RouteOf("ChattyToo").Level);
    }

    [Fact]
    public void RouteOf_FloorWithLoggerOfThatName_GoesByTheLogger()
    {
        var tree = new LoggerTree(
            Of([File("root", "/r")], Rule("root", LogEventLevel.Information, false, "root"), Rule("chatty", LogEventLevel.Debug, true)),
            new PipelineScope(true, [new("Chatty", LogLevel.Warning), new("Chatty.Most", LogLevel.None)]));

        Assert.Equal((int)LogEventLevel.Debug, tree.RouteOf("Chatty.Often").Level);
        Assert.False(tree.RouteOf("Chatty.Most").IsEnabled(LogEventLevel.Fatal));
    }

    [Fact]
    public void FindLowestProjectLevel_OneProjectWantsMore_IsItsLevel() =>
        Assert.Equal(LogEventLevel.Debug, Tree(WholeHost).FindLowestProjectLevel());

    private static LoggerTree Tree(PipelineScope scope) => new(
        Of(
            [File("root", "/root"), File("host", "/host"), File("app", "/projects/{project_name}/app.log"), File("bank", "/bank"), Console()],
            Rule("root", LogEventLevel.Information, false, "root", "console"),
            Rule("cloudfunction", LogEventLevel.Information, false, "host", "console"),
            Rule("cloudfunction.projects", LogEventLevel.Warning, false, "app"),
            Rule("cloudfunction.projects.bank", LogEventLevel.Debug, false, "bank")),
        scope);

    private static string[] Files(LoggerRoute route) => [.. route.Files.ToArray().Select(file => file.Name)];
}
