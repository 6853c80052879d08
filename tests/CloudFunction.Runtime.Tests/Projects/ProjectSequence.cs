using System.Text;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>Random changes and requests of a project, each compared with what the model makes of it.</summary>
internal sealed class ProjectSequence
{
    private static readonly string[] Functions = ["greet", "sum tick", "total", "!no function", "!none still"];
    private static readonly string[] Variables = ["", "A=1", "A=2", "FAIL=no database", "no value"];

    private readonly ProjectUnderTest _test;
    private readonly Random _random;
    private readonly ProjectModel _model = new();
    private readonly Queue<string> _history = new();
    private readonly (int Weight, Func<Task> Step)[] _steps;

    public ProjectSequence(ProjectUnderTest test, int seed)
    {
        _test = test;
        _random = new Random(seed);
        _steps =
        [
            (6, WriteFunctions), (5, WriteVariables), (8, () => ReachAsync(ProjectGoal.Synced, _model.Sync)),
            (4, () => ReachAsync(ProjectGoal.Started, () => _model.Start(anew: false))),
            (3, () => ReachAsync(ProjectGoal.Restarted, () => _model.Start(anew: true))), (3, () => ReachAsync(ProjectGoal.Deployed, _model.Deploy)),
            (2, () => ReachAsync(ProjectGoal.Reloaded, _model.Reload)), (4, DivideAsync), (3, ConfigureAsync), (3, StopAsync), (1, CrashAsync),
            (1, RestartHostAsync),
        ];
    }

    public async Task StepAsync()
    {
        var choice = _random.Next(_steps.Sum(static step => step.Weight));
        await _steps.First(step => (choice -= step.Weight) < 0).Step();
        await _test.Host.SettleAsync();
        await AssertIsTheModelAsync();
    }

    private Task WriteFunctions()
    {
        _test.WriteFunctions(_model.Functions = Any(Functions));
        Note($"functions {_model.Functions}");
        return Task.CompletedTask;
    }

    private Task WriteVariables()
    {
        _test.WriteVariables(_model.Variables = Any(Variables));
        Note($"variables {_model.Variables}");
        return Task.CompletedTask;
    }

    private Task ReachAsync(ProjectGoal goal, Func<bool> expect) => ReachAsync(new WantedState(goal), expect, goal.ToString());

    private async Task ReachAsync(WantedState wanted, Func<bool> expect, string what)
    {
        Note(what);
        var expected = expect();
        try
        {
            await _test.ReachAsync(wanted);
            Check(expected, "it succeeds");
        }
        catch (CloudFunctionException error)
        {
            Check(!expected, $"it fails: {error.Message}");
        }
    }

    private Task DivideAsync()
    {
        int Version() => _random.Next(1, _model.Highest + 2);
        var (one, two, part) = (Version(), Version(), _random.Next(1, 100));
        var parts = one == two
            ? new Dictionary<int, int> { [one] = 100 }
            : new Dictionary<int, int> { [one] = part, [two] = 100 - part };
        var keeps = parts.Count > 1 || _random.Next(2) == 0;
        return ReachAsync(
            new WantedState(ProjectGoal.Divided) { Weights = parts, KeepsWorkers = keeps },
            () => _model.Divide(parts),
            $"{(keeps ? "divide" : "roll back")} {string.Join(' ', parts)}");
    }

    private async Task ConfigureAsync()
    {
        var text = Any(Variables[..4]);
        var change = new RecordedChange(() => _test.WriteVariables(text));
        var variables = text.Split('=') is [var name, var value] ? new Dictionary<string, string> { [name] = value } : [];
        var wanted = new WantedState(ProjectGoal.Configured) { Variables = new ProjectVariables(variables), Change = change };
        await ReachAsync(wanted, () => _model.Configure(text), $"configure {text}");
        Check(change.IsMade == (change.Rollbacks == 0), "its change is neither made nor taken back");
    }

    private async Task StopAsync()
    {
        Note("stop");
        _model.Stop();
        await _test.StopAsync();
    }

    private async Task CrashAsync()
    {
        if (_model.Running is not null && _model.Live.Select(each => each.Version).Except(_model.Unhealthy).ToArray() is { Length: > 0 } healthy)
        {
            var version = Any(healthy);
            Note($"crash {version}");
            _model.Unhealthy.Add(version);
            await _test.MakeUnhealthyAsync(version);
        }
    }

    private async Task RestartHostAsync()
    {
        Note("another host");
        _model.RestartHost();
        await _test.RestartHostAsync();
    }

    private async Task AssertIsTheModelAsync()
    {
        var project = _test.Project;
        string LiveOfModel() => string.Join(' ', _model.Live.Select(each => $"{each.Version}:{each.Weight}"));
        Check(project.Status == _model.Status, $"its status is not {_model.Status}");
        Check(project.IsStopped == _model.IsStopped, "it is stopped, or is not");
        Check(_test.Live == (_model.Running is null ? "" : LiveOfModel()), $"live is not {LiveOfModel()} with {_model.Running ?? "no workers"}");
        Check(_test.LastError is not null == _model.HasError, _model.HasError ? "it reports no error" : "it reports an error");
        var recorded = await _test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default);
        Check(
            recorded.All.Select(version => (version, recorded.WeightOf(version))).SequenceEqual(_model.Live),
            $"recorded as live is {string.Join(' ', recorded.All)}");
        Check(
            (await _test.Catalog.ListVersionsAsync(ProjectUnderTest.Name, default)).SequenceEqual(_model.Versions.Keys),
            $"its versions are not {string.Join(' ', _model.Versions.Keys)}");
        var workers = _test.Host.Runner.Running.Select(process => process.Link.Loaded!).OrderBy(load => load.Version).ToArray();
        var expected = _model.Live.Select(each => each.Version).Except(_model.Unhealthy).Where(_ => _model.Running is not null).Order();
        Check(workers.Select(load => load.Version).SequenceEqual(expected), "other workers run");
        Check(
            workers.All(load => string.Join(' ', load.Environment.Select(each => $"{each.Key}={each.Value}")) == _model.Running),
            $"workers have other variables than {_model.Running}");
        Check(
            _model.Running is null
            || _test.Functions!.SequenceEqual(_model.Versions[_model.Live[0].Version].Split(' ').Order(StringComparer.Ordinal)),
            $"calls find {string.Join(' ', _test.Functions ?? ["nothing"])}");
        if (_model.Status != ProjectStatus.Starting)
        {
            var rejection = await _test.CallAsync();
            Check(rejection is null == (_model.Status == ProjectStatus.Running), $"a call is answered {rejection?.Reason}");
            if (rejection is null)
            {
                project.Route.Gate.Exit();
            }
        }
    }

    private T Any<T>(T[] all) => all[_random.Next(all.Length)];

    private void Note(string step)
    {
        _history.Enqueue(step);
        if (_history.Count > 25)
        {
            _history.Dequeue();
        }
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            var text = new StringBuilder($"Wrong: {otherwise}. {_test}\nThe last steps:");
            Assert.Fail(text.AppendJoin('\n', _history.Prepend("")).ToString());
        }
    }
}
