using KernelGen.Generator.Expressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace KernelGen.Generator.Frontend;

/// <summary>Statements: each changes the flow.</summary>
internal sealed partial class MapReader
{
    private void Execute(IOperation statement, MapFlow flow)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (flow.HasReturned || !Enter())
            return;
        switch (statement)
        {
            case IBlockOperation block:
                foreach (IOperation inner in block.Operations)
                    Execute(inner, flow);
                break;
            case IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } value }:
                flow.Return(Read(value, flow));
                break;
            case IConditionalOperation choice:
                Execute(choice, flow);
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    Declare(declarator, flow);
                break;
            case IExpressionStatementOperation { Operation: var expression }:
                Assign(expression, flow);
                break;
            case IEmptyOperation or ILocalFunctionOperation:
                break;
            case IInvalidOperation:
                _findings.Reject();
                break;
            default:
                Unsupported(Diagnostics.UnsupportedStatement, statement);
                break;
        }

        if (flow.Exceeds(MostNodes))
            ReportTooLarge();
        _level--;
    }

    private void Execute(IConditionalOperation choice, MapFlow flow)
    {
        if (choice.Condition.ConstantValue is { HasValue: true, Value: bool known })
        {
            if ((known ? choice.WhenTrue : choice.WhenFalse) is { } taken)
                Execute(taken, flow);
            return;
        }

        MapValue test = Read(choice.Condition, flow);
        MapFlow then = flow.Branch();
        Execute(choice.WhenTrue, then);
        MapFlow otherwise = flow.Branch();
        if (choice.WhenFalse is not null)
            Execute(choice.WhenFalse, otherwise);

        // A condition that could not be read has been reported; joining on anything lets the rest be looked at too.
        flow.Join(test.Truth ?? Truth.Always, then, otherwise);
    }

    private void Declare(IVariableDeclaratorOperation declarator, MapFlow flow)
    {
        ILocalSymbol local = declarator.Symbol;
        if (local.IsConst)
            return;
        if (local.IsRef || local.IsUsing)
        {
            Unsupported(Diagnostics.UnsupportedStatement, declarator);
            return;
        }

        flow[local] = IsUsable(local.Type, declarator.Syntax) && declarator.GetVariableInitializer() is { } initializer
            ? Bounded(Read(initializer.Value, flow))
            : MapValue.Unknown;
    }

    private void Assign(IOperation expression, MapFlow flow)
    {
        switch (expression)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment:
                Store(assignment.Target, Read(assignment.Value, flow), flow);
                break;
            case ICompoundAssignmentOperation assignment:
                MapValue before = Read(assignment.Target, flow);
                MapValue by = Read(assignment.Value, flow);
                Store(assignment.Target, Combine(assignment, assignment.OperatorKind, before, by), flow);
                break;
            case IIncrementOrDecrementOperation step:
                BinaryOperatorKind kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
                Store(step.Target, Combine(step, kind, Read(step.Target, flow), (Expr)1.0), flow);
                break;
            case IInvalidOperation:
                _findings.Reject();
                break;
            default:
                Unsupported(Diagnostics.UnsupportedStatement, expression);
                break;
        }
    }

    private void Store(IOperation target, MapValue value, MapFlow flow)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: var local }:
                flow[local] = Bounded(value);
                break;
            case IParameterReferenceOperation { Parameter: var parameter }:
                flow[parameter] = Bounded(value);
                break;
            case IInvalidOperation:
                _findings.Reject();
                break;
            case IDiscardOperation:
                break;
            default:
                ReportState(target);
                break;
        }
    }

    // Every statement and expression passes here on its way in, and lowers the level on its way out.
    private bool Enter()
    {
        if (_isTooLarge)
            return false;
        if (_level >= MostLevels || ++_steps > MostSteps)
        {
            ReportTooLarge();
            return false;
        }

        _level++;
        return true;
    }
}
