using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace KernelGen.Generator.Frontend;

/// <summary>Expressions: each has a value.</summary>
internal sealed partial class MapReader
{
    private MapValue Read(IOperation operation, MapFlow flow)
    {
        if (operation.ConstantValue is { HasValue: true, Value: var constant })
            return Constant(constant, operation);
        if (!Enter())
            return MapValue.Unknown;
        MapValue value = ReadVariable(operation, flow);
        _level--;
        return value;
    }

    private MapValue Constant(object? value, IOperation operation)
    {
        switch (value)
        {
            case bool truth:
                return Truth.Of(truth);
            case float or double or int or uint or long or ulong or short or ushort or byte or sbyte or char:
                return (Expr)Convert.ToDouble(value is char c ? (int)c : value, CultureInfo.InvariantCulture);
            default:
                _ = IsUsable(operation.Type, operation.Syntax);
                return MapValue.Unknown;
        }
    }

    private MapValue ReadVariable(IOperation operation, MapFlow flow)
    {
        switch (operation)
        {
            // Choices between constants may be whole numbers on their way to becoming real: x > 0 ? 1 : 0.
            case IConditionalOperation choice:
                return ReadChoice(choice, flow);
            case ISwitchExpressionOperation choice:
                return ReadSwitch(choice, flow);
            case IInvocationOperation call:
                return ReadCall(call, flow);
            case IFieldReferenceOperation or IPropertyReferenceOperation or IInstanceReferenceOperation or IEventReferenceOperation:
                ReportState(operation);
                return MapValue.Unknown;
            case IInvalidOperation:
                _findings.Reject();
                return MapValue.Unknown;
            case { Type: null }:
                Unsupported(Diagnostics.UnsupportedExpression, operation);
                return MapValue.Unknown;
        }

        if (!IsUsable(operation.Type, operation.Syntax))
            return MapValue.Unknown;
        TellOfFloat(operation);
        switch (operation)
        {
            case IParameterReferenceOperation reference:
                return flow[reference.Parameter];
            case ILocalReferenceOperation reference:
                return flow[reference.Local];
            case IConversionOperation { OperatorMethod: null } conversion:
                return Read(conversion.Operand, flow);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } minus:
                return Read(minus.Operand, flow).Number is { } negated ? -negated : MapValue.Unknown;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Plus } plus:
                return Read(plus.Operand, flow);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return Read(not.Operand, flow).Truth is { } denied ? new Condition.Not(denied) : MapValue.Unknown;
            case IBinaryOperation binary:
                MapValue left = Read(binary.LeftOperand, flow);
                MapValue right = Read(binary.RightOperand, flow);
                return Combine(binary, binary.OperatorKind, left, right);
            case IIsPatternOperation test:
                MapValue input = Read(test.Value, flow);
                return Match(test.Pattern, input, flow) is { } matches ? matches : MapValue.Unknown;
            default:
                Unsupported(Diagnostics.UnsupportedExpression, operation);
                return MapValue.Unknown;
        }
    }

    private MapValue ReadChoice(IConditionalOperation choice, MapFlow flow)
    {
        if (choice.Condition.ConstantValue is { HasValue: true, Value: bool known } && choice.WhenFalse is not null)
            return Read(known ? choice.WhenTrue : choice.WhenFalse, flow);
        MapValue test = Read(choice.Condition, flow);
        MapValue a = Read(choice.WhenTrue, flow);
        MapValue b = choice.WhenFalse is null ? MapValue.Unknown : Read(choice.WhenFalse, flow);
        return test.Truth is { } truth ? MapValue.Select(truth, a, b) : MapValue.Unknown;
    }

    private MapValue Combine(IOperation operation, BinaryOperatorKind kind, MapValue left, MapValue right)
    {
        if (left.IsUnknown || right.IsUnknown)
            return MapValue.Unknown;
        MapValue value = (left, right) switch
        {
            ({ Number: { } a }, { Number: { } b }) => Arithmetic(kind, a, b),
            ({ Truth: { } a }, { Truth: { } b }) => Logic(kind, a, b),
            _ => MapValue.Unknown,
        };
        if (value.IsUnknown)
            Unsupported(Diagnostics.UnsupportedExpression, operation);
        return value;
    }

    private static MapValue Arithmetic(BinaryOperatorKind kind, Expr a, Expr b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.LessThan => new Condition.Compare(CompareOp.Less, a, b),
        BinaryOperatorKind.LessThanOrEqual => new Condition.Compare(CompareOp.LessOrEqual, a, b),
        BinaryOperatorKind.GreaterThan => new Condition.Compare(CompareOp.Greater, a, b),
        BinaryOperatorKind.GreaterThanOrEqual => new Condition.Compare(CompareOp.GreaterOrEqual, a, b),
        BinaryOperatorKind.Equals => new Condition.Compare(CompareOp.Equal, a, b),
        BinaryOperatorKind.NotEquals => new Condition.Compare(CompareOp.NotEqual, a, b),
        _ => MapValue.Unknown,
    };

    // Conditions have no effects, so & is &&.
    private static MapValue Logic(BinaryOperatorKind kind, Condition a, Condition b) => kind switch
    {
        BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => new Condition.And(a, b),
        BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => new Condition.Or(a, b),
        BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.NotEquals => Differ(a, b),
        BinaryOperatorKind.Equals => new Condition.Not(Differ(a, b)),
        _ => MapValue.Unknown,
    };

    private static Condition.Or Differ(Condition a, Condition b) =>
        new Condition.Or(new Condition.And(a, new Condition.Not(b)), new Condition.And(new Condition.Not(a), b));

    /// <summary>Whether a kernel has values of this type; reported where it has not.</summary>
    private bool IsUsable(ITypeSymbol? type, SyntaxNode where)
    {
        if (type is null or { TypeKind: TypeKind.Error })
        {
            _findings.Reject();
            return false;
        }

        bool usable = type.SpecialType switch
        {
            SpecialType.System_Boolean or SpecialType.System_Double => true,

            // Rounding to float in the middle of a double computation is not something a Float64 kernel does.
            SpecialType.System_Single => _elementType == ElementType.Float32,
            _ => false,
        };
        if (!usable)
            _findings.Add(Diagnostics.UnsupportedType, where.GetLocation(), type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), _elementType.ToString(), TypeName(_elementType));
        return usable;
    }

    private static string TypeName(ElementType elementType) => elementType == ElementType.Float32 ? "float, double" : "double";

    private void TellOfFloat(IOperation operation)
    {
        if (_toldOfFloat || _elementType != ElementType.Float32 || operation.Type?.SpecialType != SpecialType.System_Double || operation is IConversionOperation)
            return;
        _toldOfFloat = true;
        _findings.Add(Diagnostics.ComputedInFloat, operation.Syntax.GetLocation());
    }
}
