using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using CloudFunction.Worker.Functions.Output;

namespace CloudFunction.Worker.Tests.Functions.Output;

public class ConsoleWriterTests
{
    private const string Source = """
        public static class Streams
        {
            public static TextWriter Out = null!;
            public static TextWriter Error = null!;
            public static readonly TaskCompletionSource Later = new();
            public static Task Left = null!;
        }

        public sealed class Writes : IFunction<string, string>
        {
            public async ValueTask<string> InvokeAsync(string request, FunctionContext context, CancellationToken cancellationToken)
            {
                Streams.Out.Write("one ");
                Streams.Error.Write("an ");
                await Task.Yield();
                await Streams.Out.WriteLineAsync(request);
                Streams.Error.WriteLine("error of {0}", request);
                Streams.Out.Write(request[0]);
                Streams.Out.Flush();
                Streams.Out.Write(" part");
                return request;
            }
        }

        public sealed class Closes : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                Streams.Out.Close();
                Streams.Out.Dispose();
                Streams.Out.WriteLine("still there");
                return default;
            }
        }

        public sealed class Leaves : IFunction
        {
            public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
            {
                Streams.Left = Task.Run(async () =>
                {
                    await Streams.Later.Task;
                    Streams.Out.Write("after the end");
                });
                return default;
            }
        }
        """;

    private readonly ConcurrentQueue<(bool IsError, string Line, string? Function, UInt128 Id)> _lines = new();
    private readonly ConsoleLines _outside = new(invocation: null);

    [Fact]
    public async Task Write_TwoInvocationsAtOnce_EachHasItsLinesWhole()
    {
        await using var project = Load();
        await Task.WhenAll(Enumerable.Range(1, 50).Select(i => InvokeAsync(project, "writes", $"\"{i}\"", (UInt128)i)));
        for (var i = 1; i <= 50; i++)
        {
            var own = _lines.Where(l => l.Id == (UInt128)i).ToList();
            Assert.Equal([$"one {i}", $"{i}"[..1] + " part"], own.Where(l => !l.IsError).Select(l => l.Line));
            Assert.Equal([$"an error of {i}"], own.Where(l => l.IsError).Select(l => l.Line));
            Assert.All(own, l => Assert.Equal("writes", l.Function));
        }
    }

    [Fact]
    public async Task Write_OutsideOfAnyInvocation_IsTheProjects()
    {
        await using var project = Load();
        Static(project, "Out").Write("no end");
        await InvokeAsync(project, "writes", "\"1\"", 1);
        Assert.DoesNotContain(_lines, l => l.Function is null);
        _outside.End();
        Assert.Equal((false, "no end", null, default), _lines.Last());
    }

    [Fact]
    public async Task Close_ByAFunction_ClosesNothing()
    {
        await using var project = Load();
        await InvokeAsync(project, "closes", "{}", 1);
        await InvokeAsync(project, "writes", "\"2\"", 2);
        Assert.Equal(["still there", "one 2", "2 part"], _lines.Where(l => !l.IsError).Select(l => l.Line));
    }

    [Fact]
    public async Task Write_AfterTheInvocationsEnd_LeavesAtOnceUnderItsId()
    {
        await using var project = Load();
        await InvokeAsync(project, "leaves", "{}", 5);
        Field<TaskCompletionSource>(project, "Later").SetResult();
        await Field<Task>(project, "Left");
        Assert.Equal([(false, "after the end", "leaves", (UInt128)5)], _lines);
    }

    private TestProject Load()
    {
        var project = TestProject.Load(Source);
        Type(project).GetField("Out")!.SetValue(null, TextWriter.Synchronized(Writer(isError: false)));
        Type(project).GetField("Error")!.SetValue(null, TextWriter.Synchronized(Writer(isError: true)));
        return project;
    }

    private ConsoleWriter Writer(bool isError) =>
        new(isError, _outside, (error, line, invocation) => _lines.Enqueue((error, line, invocation?.Function, invocation?.Id ?? default)));

    private static async Task InvokeAsync(TestProject project, string function, string json, UInt128 id) =>
        _ = (await project.InvokeAsync(function, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), TestProject.Metadata(id))).Result;

    private static Type Type(TestProject project) => project.Invoker("writes").Descriptor.Implementation.Assembly.GetType("Streams")!;

    private static TextWriter Static(TestProject project, string field) => Field<TextWriter>(project, field);

    private static T Field<T>(TestProject project, string field) => (T)Type(project).GetField(field)!.GetValue(null)!;
}
