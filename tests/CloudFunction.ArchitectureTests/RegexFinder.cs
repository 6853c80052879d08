using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CloudFunction.ArchitectureTests;

/// <summary>Finds regular expressions in C# that may try a text in more than one way, by what the compiler makes of the code: whatever they are
/// called there. Those with <see cref="RegexOptions.NonBacktracking"/> take a time that grows with the text alone.</summary>
internal static class RegexFinder
{
    private const string RegularExpressions = "System.Text.RegularExpressions";

    private static readonly string[] MakesNone = ["Escape", "Unescape"];

    // Of other frameworks: an attribute of a model, and a constraint of a route.
    private static readonly string[] OthersTypes = ["RegularExpressionAttribute", "RegexRouteConstraint", "RegexInlineRouteConstraint"];
    private const string RouteConstraint = ":regex(";

    private static readonly string[] Words = ["Regex", "RegularExpression", RouteConstraint];

    /// <summary>All of them, as <c>file:line: code</c>.</summary>
    /// <param name="sources">Path and text of each file.</param>
    public static IReadOnlyList<string> Find(IEnumerable<(string Path, string Text)> sources)
    {
        var (compilation, trees) = SourceCompilation.Of(sources);
        if (compilation.GetTypeByMetadataName($"{RegularExpressions}.Regex") is null)
        {
            throw new InvalidOperationException("The framework's assemblies are not referenced: nothing would be found.");
        }

        return [.. trees.SelectMany(tree => Find(tree, compilation.GetSemanticModel(tree)))];
    }

    // Asking for symbols is slow. Where a file has none of the words, one can be made there only by a `new` that takes its type from elsewhere, or by
    // names for the whole project, which are found where they are given.
    private static IEnumerable<string> Find(SyntaxTree tree, SemanticModel model)
    {
        var hasWord = Array.Exists(Words, tree.ToString().Contains);
        return tree.GetRoot().DescendantNodes()
            .Where(node => (hasWord || node is ImplicitObjectCreationExpressionSyntax) && IsBacktracking(node, model))
            .Select(node => $"{tree.FilePath}:{LineOf(node)}: {node.ToString().ReplaceLineEndings(" ")}");
    }

    private static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static bool IsBacktracking(SyntaxNode node, SemanticModel model) => node switch
    {
        UsingDirectiveSyntax named => named.GlobalKeyword != default && named.ToString().Contains(RegularExpressions, StringComparison.Ordinal),
        LiteralExpressionSyntax or InterpolatedStringTextSyntax => node.ToString().Contains(RouteConstraint, StringComparison.Ordinal),
        BaseObjectCreationExpressionSyntax creation => Makes(node, model) && !IsBounded(creation.ArgumentList, model),
        ConstructorInitializerSyntax initializer => Makes(node, model) && !IsBounded(initializer.ArgumentList, model),
        PrimaryConstructorBaseTypeSyntax @base => Makes(node, model) && !IsBounded(@base.ArgumentList, model),
        AttributeSyntax attribute => Makes(node, model) && !IsBounded(attribute.ArgumentList, model),
        InvocationExpressionSyntax call => Makes(call.Expression, model) && !IsBounded(call.ArgumentList, model),

        // A method that is handed on and not called here: nobody knows with which options it will be.
        SimpleNameSyntax name => IsUncalled(name) && Makes(name, model),
        _ => false,
    };

    private static bool Makes(SyntaxNode node, SemanticModel model)
    {
        var info = model.GetSymbolInfo(node);
        return (info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols).OfType<IMethodSymbol>().Any(method =>
            OthersTypes.Contains(method.ContainingType.Name)
            || (method.ContainingType.ContainingNamespace.ToDisplayString() == RegularExpressions
                && (method.MethodKind == MethodKind.Constructor
                    ? method.ContainingType.Name is "Regex" or "GeneratedRegexAttribute"
                    : method.ContainingType.Name == "Regex" && method.IsStatic && !MakesNone.Contains(method.Name))));
    }

    private static bool IsBounded(SyntaxNode? arguments, SemanticModel model) => arguments?.ChildNodes()
        .Select(argument => argument is ArgumentSyntax given ? given.Expression : ((AttributeArgumentSyntax)argument).Expression)
        .Any(argument => model.GetTypeInfo(argument).Type?.Name == nameof(RegexOptions)
            && model.GetConstantValue(argument) is { HasValue: true, Value: int options }
            && ((RegexOptions)options).HasFlag(RegexOptions.NonBacktracking)) == true;

    private static bool IsUncalled(SimpleNameSyntax name)
    {
        SyntaxNode whole = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return whole.Parent
            is not (InvocationExpressionSyntax or AttributeSyntax or BaseObjectCreationExpressionSyntax or TypeSyntax or BaseTypeSyntax);
    }
}
