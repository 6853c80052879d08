using CloudFunction;

namespace HelloFunctions;

/// <summary><c>{"a":1,"b":2}</c> gives <c>{"sum":3}</c>. A missing or wrong member is answered before the function runs.</summary>
[Function("add", Description = "Adds two numbers")]
public sealed class Add : IFunction<AddRequest, AddResponse>
{
    public ValueTask<AddResponse> InvokeAsync(AddRequest request, FunctionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new AddResponse(request.A + request.B));
}
