using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
abstract record Shape;

record Circle(double R) : Shape;

record Age(int Years)
{
    public int Years { get; } = Years >= 0 ? Years : throw new ArgumentException("Nobody is that young.");
}

record Person(string Name, Age? Age, JsonObject? More);

class P
{
    [Function("shape")]
    public string ShapeOf(Shape shape) => shape.ToString();

    [Function("node")]
    public int Count(JsonObject node) => node.Count;

    [Function("person")]
    public string NameOf(Person person) => person.Name;
}
