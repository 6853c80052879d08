using System.Diagnostics;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Workers.Processes;

namespace CloudFunction.Runtime.Tests.Workers.Processes;

public sealed class WorkerLedgerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WorkerLedger _ledger;

    public WorkerLedgerTests() => _ledger = new WorkerLedger(_directory.Combine("workers"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Sweep_NothingRecorded_EndsNothing() => Assert.Empty(_ledger.Sweep());

    [Fact]
    public void Sweep_ProcessThatWasLeft_IsEnded()
    {
        using var process = Start();
        _ledger.Add(process.Id);
        Assert.Equal([process.Id], _ledger.Sweep());
        Assert.True(process.WaitForExit((int)Patience.Bound.TotalMilliseconds), "it still runs");
        Assert.Empty(Directory.GetFiles(_directory.Combine("workers")));
    }

    [Fact]
    public void Sweep_AnotherProcessOfThatNumber_IsSpared()
    {
        using var process = Start();
        try
        {
            _ledger.Add(process.Id);
            _directory.Write($"workers/{process.Id}", "another start");
            Assert.Empty(_ledger.Sweep());
            Assert.False(process.HasExited);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void Sweep_WhatIsNoEntry_IsCleared()
    {
        _directory.Write("workers/readme", "x");
        _directory.Write("workers/-1", "x");
        _directory.Write("workers/12345678", "");
        Assert.Empty(_ledger.Sweep());
        Assert.Empty(Directory.GetFiles(_directory.Combine("workers")));
    }

    [Fact]
    public void Remove_IsForgotten()
    {
        using var process = Start();
        try
        {
            _ledger.Add(process.Id);
            _ledger.Remove(process.Id);
            _ledger.Remove(process.Id);
            Assert.Empty(_ledger.Sweep());
            Assert.False(process.HasExited);
        }
        finally
        {
            process.Kill();
        }
    }

    private static Process Start() => OperatingSystem.IsWindows()
        ? Process.Start(new ProcessStartInfo("ping", "-t localhost") { UseShellExecute = false, CreateNoWindow = true })!
        : Process.Start("sleep", "1000");
}
