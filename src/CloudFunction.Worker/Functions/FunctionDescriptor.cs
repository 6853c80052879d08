using System.Reflection;
using System.Text.Json;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Worker.Functions;

/// <summary>What a deployment declares of one of its functions. Immutable and thread safe.</summary>
internal sealed class FunctionDescriptor
{
    /// <summary>The name under which it is called.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in its author's words.</summary>
    public string? Description { get; init; }

    /// <summary>How it is called.</summary>
    public required FunctionKind Kind { get; init; }

    /// <summary>How long one invocation may take, or <see langword="null"/> where the host decides.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many run at once over all workers, or 0 where the project's limit decides.</summary>
    public int MaxConcurrent { get; init; }

    /// <summary>How often a queued invocation is tried, or 0 where the host decides.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>When it runs by itself, in its author's words: the host judges them.</summary>
    public required IReadOnlyList<ScheduleAttribute> Schedules { get; init; }

    /// <summary>The class.</summary>
    public required Type Implementation { get; init; }

    /// <summary>What the payload is bound to, or <see langword="null"/> where the function takes any payload.</summary>
    public Type? RequestType { get; init; }

    /// <summary>The parameter that gets it, or <see langword="null"/> where there is none.</summary>
    public ParameterInfo? RequestParameter { get; init; }

    /// <summary>Whether a function with a <see cref="RequestType"/> takes JSON <c>null</c> and an empty body.</summary>
    public bool AcceptsNull { get; init; }

    /// <summary>What the result, or each item of it, is serialized from; <see langword="null"/> where it may be anything.</summary>
    public Type? ResponseType { get; init; }

    /// <summary>The project's options, by which the schemas are made.</summary>
    public required JsonSerializerOptions Json { get; init; }

    /// <summary>Why no payload fits the function, and what would be right; <see langword="null"/> where some may. It runs constructors of the
    /// project's: only the validation of a deployment asks for it.</summary>
    public string? FindRequestProblem() =>
        RequestType is not null && RequestTypeCheck.Find(RequestType, Json) is { } problem
            ? $"{Implementation.FullName} ({Name}) takes {problem}"
            : null;

    /// <summary>The payload's JSON Schema, UTF-8, made anew at each call: only the function's page asks for it. <c>{}</c> where
    /// anything goes.</summary>
    public byte[] GetParametersSchema() => SchemaWriter.Write(RequestType, AcceptsNull, Json);

    /// <summary>The result's JSON Schema, UTF-8; of a streaming function, the schema of one item. <c>{}</c> where anything goes.</summary>
    public byte[] GetResponseSchema() => SchemaWriter.WriteOfResult(ResponseType, Json);
}
