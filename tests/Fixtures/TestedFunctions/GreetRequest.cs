using System.ComponentModel.DataAnnotations;

namespace TestedFunctions;

public sealed record GreetRequest([property: StringLength(20)] string Name);
