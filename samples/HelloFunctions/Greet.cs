using CloudFunction;

namespace HelloFunctions;

/// <summary><c>{"name":"Ada"}</c> gives <c>{"message":"Hello, Ada!"}</c>.</summary>
[Function("greet", Description = "Greets by name")]
public sealed class Greet : IFunction<GreetRequest, GreetResponse>
{
    public ValueTask<GreetResponse> InvokeAsync(GreetRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        var name = string.IsNullOrWhiteSpace(request.Name) ? "World" : request.Name;
        return ValueTask.FromResult(new GreetResponse($"Hello, {name}!"));
    }
}
