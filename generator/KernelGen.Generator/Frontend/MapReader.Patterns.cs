using KernelGen.Generator.Expressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace KernelGen.Generator.Frontend;

/// <summary>Switch expressions and patterns on a number or a truth value.</summary>
internal sealed partial class MapReader
{
    private MapValue ReadSwitch(ISwitchExpressionOperation choice, MapFlow flow)
    {
        MapValue input = Read(choice.Value, flow);
        List<(Condition Test, MapValue Value)> arms = new();
        bool isComplete = choice.IsExhaustive;
        bool isReadable = !input.IsUnknown;
        foreach (ISwitchExpressionArmOperation arm in choice.Arms)
        {
            Condition? test = Match(arm.Pattern, input, flow);
            if (arm.Guard is not null && test is not null)
                test = Read(arm.Guard, flow).Truth is { } guard ? new Condition.And(test, guard) : null;
            MapValue value = Read(arm.Value, flow);
            isReadable &= test is not null && !value.IsUnknown;
            arms.Add((test ?? Truth.Always, value));
        }

        if (!isComplete)
        {
            _findings.Add(Diagnostics.SwitchNotExhaustive, choice.Syntax.GetLocation());
            return MapValue.Unknown;
        }

        if (!isReadable || arms.Count == 0)
            return MapValue.Unknown;

        // The compiler knows that some arm matches, so the last needs no test.
        MapValue result = arms[arms.Count - 1].Value;
        for (int i = arms.Count - 2; i >= 0; i--)
            result = MapValue.Select(arms[i].Test, arms[i].Value, result);
        return result;
    }

    /// <summary>When <paramref name="input"/> matches; null where the pattern cannot be read.</summary>
    private Condition? Match(IPatternOperation pattern, MapValue input, MapFlow flow)
    {
        if (!Enter())
            return null;
        Condition? match = MatchInner(pattern, input, flow);
        _level--;
        return match;
    }

    private Condition? MatchInner(IPatternOperation pattern, MapValue input, MapFlow flow)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return Truth.Always;
            case IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local } declaration when SymbolEqualityComparer.Default.Equals(local.Type, declaration.InputType):
                flow[local] = input;
                return Truth.Always;
            case IConstantPatternOperation constant:
                return Equal(input, Read(constant.Value, flow));
            case IRelationalPatternOperation relation:
                MapValue bound = Read(relation.Value, flow);
                return input.Number is { } x && bound.Number is { } y ? Arithmetic(relation.OperatorKind, x, y).Truth : null;
            case INegatedPatternOperation negated:
                return Match(negated.Pattern, input, flow) is { } inner ? new Condition.Not(inner) : null;
            case IBinaryPatternOperation both:
                Condition? left = Match(both.LeftPattern, input, flow);
                Condition? right = Match(both.RightPattern, input, flow);
                if (left is null || right is null)
                    return null;
                return both.OperatorKind == BinaryOperatorKind.And ? new Condition.And(left, right) : new Condition.Or(left, right);
            default:
                Unsupported(Diagnostics.UnsupportedExpression, pattern);
                return null;
        }
    }

    private static Condition? Equal(MapValue input, MapValue constant) => (input, constant) switch
    {
        // A NaN pattern matches NaN, as no == does.
        ({ Number: { } x }, { Number: Expr.Const { Value: double.NaN } }) => new Condition.Compare(CompareOp.NotEqual, x, x),
        ({ Number: { } x }, { Number: { } y }) => new Condition.Compare(CompareOp.Equal, x, y),
        ({ Truth: { } p }, { Truth: { } q }) => Truth.Known(q) == true ? p : new Condition.Not(p),
        _ => null,
    };
}
