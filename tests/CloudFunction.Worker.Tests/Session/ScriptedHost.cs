using System.Reflection;
using System.Text;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Worker.Session;

namespace CloudFunction.Worker.Tests.Session;

/// <summary>A worker's session in this process and a host that does what a test says, frame by frame.</summary>
internal sealed class ScriptedHost : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cloudfunction-").FullName;
    private readonly string _source;
    private uint _lastStream;

    /// <param name="source">The project's code.</param>
    /// <param name="time">The session's time.</param>
    /// <param name="sockets">Over a real socket, or in memory.</param>
    /// <param name="reading">Whether the host reads; else from <see cref="RawPeer.StartReading"/> on.</param>
    public ScriptedHost(string source, TimeProvider? time = null, bool sockets = true, bool reading = true)
    {
        _source = source;
        var (here, there) = TransportPair.Create(sockets);
        Peer = new RawPeer(there, reading);
        Session = new WorkerSession(here, new WorkerIdentity("w7", "secret"), LoadEntry, time ?? TimeProvider.System);
        Session.Start();
    }

    public RawPeer Peer { get; }

    public WorkerSession Session { get; }

    public Task<ConnectionEnd> Ended => Session.Ended;

    public Assembly? Assembly { get; private set; }

    public ReadyMessage? Ready { get; private set; }

    /// <summary>A session that has loaded the project.</summary>
    public static ScriptedHost Load(
        string source, TimeProvider? time = null, long maxRequest = 1 << 20, long maxResponse = 1 << 20, bool sockets = true)
    {
        var host = new ScriptedHost(source, time, sockets);
        host.Configure(maxRequest, maxResponse);
        host.SendLoad();
        host.Ready = ReadyMessage.Decode(host.Peer.Next(FrameType.Ready).Payload);
        return host;
    }

    public void Configure(long maxRequest = 1 << 20, long maxResponse = 1 << 20) => Peer.Send(
        FrameType.Configure, 0, new ConfigureMessage(ProtocolVersion.Current, maxRequest, maxResponse, 4, 2).Encode());

    public void SendLoad() => Peer.Send(
        FrameType.Load, 0,
        new LoadMessage("shop", 7, _directory, "Shop.dll", Path.Combine(_directory, "data"), true, new Dictionary<string, string?>()).Encode());

    /// <summary>Sends a call, whole or only its beginning.</summary>
    /// <returns>Its stream.</returns>
    public uint Invoke(
        string function, string payload, bool whole = true, UInt128 id = default, string? trace = null, ItemEncoding items = ItemEncoding.Array)
    {
        var stream = ++_lastStream;
        Peer.Send(FrameType.Invoke, stream, InvokePayload(NumberOf(function), payload, id, trace, items), whole ? FrameFlags.Whole : FrameFlags.None);
        return stream;
    }

    /// <summary>Sends a call of an HTTP function, with the beginning of its body.</summary>
    /// <returns>Its stream.</returns>
    public uint InvokeHttp(string function, HttpRequestHead request, string body = "", bool whole = true)
    {
        var stream = ++_lastStream;
        var head = request.Encode();
        Peer.Send(
            FrameType.Invoke, stream,
            [.. InvokePayload(NumberOf(function), ""), .. BitConverter.GetBytes(head.Length), .. head, .. Encoding.UTF8.GetBytes(body)],
            FrameFlags.HttpHead | (whole ? FrameFlags.Whole : FrameFlags.None));
        return stream;
    }

    public static byte[] InvokePayload(
        int function, string payload, UInt128 id = default, string? trace = null, ItemEncoding items = ItemEncoding.Array)
    {
        var header = new byte[InvokeHeader.MaxBytes];
        var length = new InvokeHeader(function, id, 30_000, 1, trace, items).Write(header);
        return [.. header.AsSpan(0, length), .. Encoding.UTF8.GetBytes(payload)];
    }

    /// <summary>The next frame of a stream: part of a result, its end, or a failure.</summary>
    public Frame NextOf(uint stream)
    {
        Frame frame;
        do
        {
            frame = Peer.Next();
        }
        while (frame.StreamId != stream || frame.Type is not (FrameType.Data or FrameType.End or FrameType.Error));
        return frame;
    }

    public ErrorMessage ErrorOf(uint stream)
    {
        var frame = NextOf(stream);
        Assert.True(frame.Type == FrameType.Error, frame.ToString());
        return ErrorMessage.Decode(frame.Payload);
    }

    public string ResultOf(uint stream)
    {
        var frame = NextOf(stream);
        Assert.True(frame.Type == FrameType.End, frame.Type == FrameType.Error ? ErrorMessage.Decode(frame.Payload).ToString() : frame.ToString());
        return frame.Text;
    }

    public int NumberOf(string function) => Ready!.Functions.Select(f => f.Name).ToList().IndexOf(function);

    /// <summary>A static field of the project's code.</summary>
    public T Static<T>(string type, string field) => (T)Assembly!.GetType(type)!.GetField(field)!.GetValue(null)!;

    public async Task AssertProtocolErrorAsync() =>
        Assert.Equal(ConnectionEndReason.ProtocolError, (await Ended.Soon("the session")).Reason);

    public void Dispose()
    {
        Peer.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Assembly LoadEntry(string directory, string name)
    {
        Assert.Equal((_directory, "Shop.dll"), (directory, name));
        return Assembly = TestProject.Assemble(_source);
    }
}
