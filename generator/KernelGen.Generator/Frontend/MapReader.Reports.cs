using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace KernelGen.Generator.Frontend;

/// <summary>What was found where something else was expected, in words.</summary>
internal sealed partial class MapReader
{
    private const int LongestQuote = 40;

    private void Unsupported(DiagnosticDescriptor rule, IOperation operation) =>
        _findings.Add(rule, operation.Syntax.GetLocation(), Quote(operation.Syntax) + Noun(operation));

    private void ReportState(IOperation operation)
    {
        string what = operation switch
        {
            IFieldReferenceOperation { Field.IsStatic: true } => "a field that is not const",
            IFieldReferenceOperation or IInstanceReferenceOperation => "part of an instance",
            IPropertyReferenceOperation => "a property",
            _ => "not a local or a parameter",
        };
        _findings.Add(Diagnostics.CapturedState, operation.Syntax.GetLocation(), operation.Syntax.ToString(), what);
    }

    private static string Quote(SyntaxNode syntax)
    {
        string text = syntax.ToString();
        int end = text.IndexOf('\n');
        end = Math.Min(end < 0 ? text.Length : end, LongestQuote);
        return "'" + text.Substring(0, end).TrimEnd() + (end < text.Length ? " ..." : "") + "'";
    }

    private static string Noun(IOperation operation)
    {
        string noun = operation switch
        {
            ILoopOperation => "a loop",
            ISwitchOperation => "a switch statement; a switch expression is possible",
            IThrowOperation => "a throw",
            ITryOperation => "a try statement",
            IUsingOperation or IUsingDeclarationOperation => "a using statement",
            ILockOperation => "a lock",
            IBranchOperation or ILabeledOperation => "a jump",
            IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } => "an iterator",
            IVariableDeclaratorOperation => "a local by reference",
            IAssignmentOperation or IIncrementOrDecrementOperation => "an assignment inside an expression",
            IObjectCreationOperation or ITypeParameterObjectCreationOperation => "the creation of an object",
            IArrayCreationOperation => "the creation of an array",
            IArrayElementReferenceOperation => "an element of an array",
            IAnonymousFunctionOperation or IDelegateCreationOperation => "a lambda or delegate",
            IAwaitOperation => "an await",
            ITupleOperation => "a tuple",
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder } or ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Remainder } => "a remainder",
            IConversionOperation => "a user-defined conversion",
            IPatternOperation => "a pattern other than constants, comparisons, and, or, not",
            IInvocationOperation => "a call whose result is not used",
            _ => "",
        };
        return noun.Length == 0 ? "" : " (" + noun + ")";
    }
}
