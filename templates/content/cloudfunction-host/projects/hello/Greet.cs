using CloudFunction;

record GreetRequest(string Name);

record GreetResponse(string Message);

[Function("greet", Description = "Greets by name", TimeoutSeconds = 5)]
class Greet : IFunction<GreetRequest, GreetResponse>
{
    public ValueTask<GreetResponse> InvokeAsync(GreetRequest request, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new GreetResponse($"Hello, {request.Name}!"));
}
