using KernelGen.Generator.Expressions;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// Where one path through a method body has got to: the values of its variables, and under which condition it has returned what.
/// Paths that part at an if are joined after it, so that a body with n ifs becomes n selects and not 2^n paths.
/// </summary>
internal sealed class MapFlow
{
    private Dictionary<ISymbol, MapValue> _variables = new(SymbolEqualityComparer.Default);
    private Condition? _returned;

    public MapValue Result { get; private set; }

    public bool HasReturned => _returned is not null && Truth.Known(_returned) == true;

    public MapValue this[ISymbol variable]
    {
        get => _variables.TryGetValue(variable, out MapValue value) ? value : MapValue.Unknown;
        set => _variables[variable] = value;
    }

    /// <summary>The size of what it holds is bounded: neither the result nor its condition has more than <paramref name="nodes"/> nodes.</summary>
    public bool Exceeds(int nodes) =>
        Result.Exceeds(nodes) || (_returned is not null && ExprSize.Exceeds(_returned, nodes));

    public MapFlow Branch() => new() { _variables = new(_variables, SymbolEqualityComparer.Default) };

    public void Return(MapValue value) => Return(Truth.Always, value);

    /// <summary>Goes on after two branches, of which <paramref name="then"/> was taken where <paramref name="test"/> holds.</summary>
    public void Join(Condition test, MapFlow then, MapFlow otherwise)
    {
        foreach (ISymbol variable in _variables.Keys.ToArray())
        {
            MapValue a = then[variable];
            MapValue b = otherwise[variable];

            // A branch that returns, or leaves a variable unassigned, has no say in what the variable is later.
            _variables[variable] = then.HasReturned || a.IsUnknown ? b : otherwise.HasReturned || b.IsUnknown ? a : MapValue.Select(test, a, b);
        }

        if (then._returned is { } p && otherwise._returned is { } q)
        {
            Condition either = new Condition.Or(new Condition.And(test, p), new Condition.And(new Condition.Not(test), q));
            Return(then.HasReturned && otherwise.HasReturned ? Truth.Always : either, MapValue.Select(test, then.Result, otherwise.Result));
        }
        else if (then._returned is { } left)
        {
            Return(new Condition.And(test, left), then.Result);
        }
        else if (otherwise._returned is { } right)
        {
            Return(new Condition.And(new Condition.Not(test), right), otherwise.Result);
        }
    }

    private void Return(Condition condition, MapValue value)
    {
        Result = _returned is null ? value : MapValue.Select(_returned, Result, value);
        _returned = Simplify.Of(_returned is null ? condition : new Condition.Or(_returned, condition));
    }
}
