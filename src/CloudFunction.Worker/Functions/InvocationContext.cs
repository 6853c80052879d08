using System.Diagnostics;
using CloudFunction.Worker.Functions.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Functions;

/// <summary>The context of one invocation. Whatever costs something (the id's text, the logger, the service scope) is made when first asked for.
/// Reading it is thread safe.</summary>
internal sealed class InvocationContext : FunctionContext
{
    private readonly ProjectContext _project;
    private readonly FunctionDescriptor _descriptor;
    private readonly InvocationMetadata _metadata;
    private string? _invocationId;
    private string? _traceId; // Empty where there is none.
    private InvocationLogger? _logger;
    private ConsoleLines? _console;

    // null: not asked for yet. EndedScope: the invocation is over.
    private IServiceScope? _scope;

    public InvocationContext(ProjectContext project, FunctionDescriptor descriptor, in InvocationMetadata metadata)
    {
        _project = project;
        _descriptor = descriptor;
        _metadata = metadata;
    }

    /// <summary>The id as it travels.</summary>
    public UInt128 Id => _metadata.Id;

    /// <summary>The id of the trace that it came with, for the log, or <see langword="null"/>.</summary>
    public string? TraceId => (_traceId ??= _metadata.ReadTraceId() ?? "") is { Length: > 0 } id ? id : null;

    public override string InvocationId => _invocationId ??= _metadata.Id.ToString("x32", null);

    public override string Project => _project.Settings.Project;

    public override string Function => _descriptor.Name;

    public override int Version => _project.Settings.Version;

    public override int Attempt => _metadata.Attempt;

    public override DateTimeOffset Deadline => _metadata.Deadline;

    public override ActivityContext Trace =>
        ActivityContext.TryParse(_metadata.TraceParent, traceState: null, isRemote: true, out var trace) ? trace : default;

    public override ILogger Logger => _logger ??= new InvocationLogger(_project.Logger, this);

    public override IServiceProvider Services => (_scope ?? OpenScope()).ServiceProvider;

    public override IConfiguration Configuration => _project.Configuration;

    public override string DataDirectory => _project.Settings.DataDirectory;

    /// <summary>What it writes to the console. After its end nothing is kept there for the rest of a line.</summary>
    public ConsoleLines Console
    {
        get
        {
            if (Volatile.Read(ref _console) is { } known)
            {
                return known;
            }

            var made = new ConsoleLines(this);
            made = Interlocked.CompareExchange(ref _console, made, null) ?? made;
            if (ReferenceEquals(_scope, EndedScope.Instance))
            {
                made.End();
            }

            return made;
        }
    }

    /// <summary>Sends what it wrote to the console and has no end of line. Called after <see cref="End"/>.</summary>
    public void EndConsole() => Volatile.Read(ref _console)?.End();

    /// <summary>Ends the invocation: from here on <see cref="Services"/> throws, and the caller owns the scope that is returned, if
    /// one was opened.</summary>
    public IServiceScope? End() => Interlocked.Exchange(ref _scope, EndedScope.Instance);

    private IServiceScope OpenScope()
    {
        var opened = _project.Scopes.CreateScope();
        var earlier = Interlocked.CompareExchange(ref _scope, opened, null);
        if (earlier is null)
        {
            return opened;
        }

        // Two threads of one function asked at once, or the function has ended. Nothing was resolved from this scope yet.
        opened.Dispose();
        return earlier;
    }
}
