using CloudFunction;

namespace FunctionNamespace1;

public sealed record GreetRequest(string Name);

public sealed record GreetResponse(string Message);

/// <summary>The function "greet".</summary>
[Function(Description = "Greets by name", TimeoutSeconds = 5)]
public sealed class GreetFunction(Greeter greeter) : IFunction<GreetRequest, GreetResponse>
{
    public ValueTask<GreetResponse> InvokeAsync(GreetRequest request, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new GreetResponse(greeter.Greet(request.Name)));
}
