using KernelGen.Generator.Expressions;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>The static functions of Math, MathF, float and double that have a vector form, as expressions of their arguments.</summary>
internal static class MathFunctions
{
    /// <summary>The one function that needs to know its argument.</summary>
    public const string Pow = "Pow";

    private static readonly Dictionary<(string Name, int Arity), Func<Expr[], MapValue>> Forms = new()
    {
        [("Abs", 1)] = Unary(UnaryOp.Abs),
        [("Sqrt", 1)] = Unary(UnaryOp.Sqrt),
        [("Exp", 1)] = Unary(UnaryOp.Exp),
        [("Log", 1)] = Unary(UnaryOp.Log),
        [("Sin", 1)] = Unary(UnaryOp.Sin),
        [("Cos", 1)] = Unary(UnaryOp.Cos),
        [("Tanh", 1)] = Unary(UnaryOp.Tanh),
        [("Floor", 1)] = Unary(UnaryOp.Floor),
        [("Ceiling", 1)] = Unary(UnaryOp.Ceiling),
        [("Truncate", 1)] = Unary(UnaryOp.Truncate),
        [("Round", 1)] = Unary(UnaryOp.Round),
        [("Min", 2)] = a => new Expr.Binary(BinaryOp.Min, a[0], a[1]),
        [("Max", 2)] = a => new Expr.Binary(BinaryOp.Max, a[0], a[1]),
        [("Clamp", 3)] = a => Compositions.Clamp(a[0], a[1], a[2]),
        [("FusedMultiplyAdd", 3)] = a => new Expr.MultiplyAdd(a[0], a[1], a[2]),
        [("Sinh", 1)] = a => Compositions.Sinh(a[0]),
        [("Cosh", 1)] = a => Compositions.Cosh(a[0]),
        [("IsNaN", 1)] = a => new Condition.Compare(CompareOp.NotEqual, a[0], a[0]),
        [("IsFinite", 1)] = a => new Condition.Compare(CompareOp.Less, Size(a[0]), double.PositiveInfinity),
        [("IsInfinity", 1)] = a => new Condition.Compare(CompareOp.Equal, Size(a[0]), double.PositiveInfinity),
        [("IsPositiveInfinity", 1)] = a => new Condition.Compare(CompareOp.Equal, a[0], double.PositiveInfinity),
        [("IsNegativeInfinity", 1)] = a => new Condition.Compare(CompareOp.Equal, a[0], double.NegativeInfinity),
    };

    /// <summary>For messages.</summary>
    public static string Names { get; } = string.Join(", ", Forms.Keys.Select(form => form.Name).Concat(new[] { Pow }));

    /// <summary>Whether <paramref name="method"/> belongs to Math, MathF, float or double, where these names have the meaning they have here.</summary>
    public static bool IsMath(IMethodSymbol method) => method.IsStatic && method.ContainingType is { } type
        && (type.SpecialType is SpecialType.System_Single or SpecialType.System_Double
            || (type is { Name: "Math" or "MathF", ContainingType: null, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }));

    /// <summary>The form of a function; null where it has none.</summary>
    public static Func<Expr[], MapValue>? FormOf(string name, int arity) =>
        Forms.TryGetValue((name, arity), out Func<Expr[], MapValue>? form) ? form : null;

    private static Func<Expr[], MapValue> Unary(UnaryOp op) => a => new Expr.Unary(op, a[0]);

    private static Expr.Unary Size(Expr a) => new Expr.Unary(UnaryOp.Abs, a);
}
