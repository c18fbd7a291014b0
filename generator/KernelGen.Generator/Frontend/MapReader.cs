using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// Reads the body of a feature map, a static method from numbers to a number, into one expression: locals become their values, ifs
/// become selects, calls of other static methods are inlined. What cannot be part of a kernel is reported where it stands.
/// All arithmetic is that of the declaration's element type; a body that goes through double on its way is computed in float where the
/// declaration is Float32, and told so.
/// </summary>
internal sealed partial class MapReader
{
    // A map is a handful of operations. The limits keep inlining, which can square its input at every line, and deep nesting from
    // costing more than a glance.
    private const int MostNodes = 1000;
    private const int MostLevels = 200;
    private const int MostSteps = 20_000;

    private readonly IMethodSymbol _method;
    private readonly ElementType _elementType;
    private readonly Compilation _compilation;
    private readonly Findings _findings;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly Stack<IMethodSymbol> _callers = new();
    private int _level;
    private int _steps;
    private bool _isTooLarge;
    private bool _toldOfFloat;

    private MapReader(IMethodSymbol method, ElementType elementType, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        _method = method;
        _elementType = elementType;
        _compilation = compilation;
        _findings = findings;
        _cancellation = cancellation;
    }

    /// <summary>The map as an expression of operand 0; null where it cannot be read.</summary>
    public static Expr? Read(IMethodSymbol method, ElementType elementType, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        MapReader reader = new(method, elementType, compilation, findings, cancellation);
        MapValue value = reader.Inline(method, new MapValue[] { new Expr.Arg(0) }, method.Locations[0]);
        if (value.Number is { } number && !reader._isTooLarge)
            return Simplify.Of(number);

        // Whatever stopped the reader without a word is an error that the compiler reports.
        findings.Reject();
        return null;
    }

    /// <summary>The value of a call, with the callee's body in its place.</summary>
    private MapValue Inline(IMethodSymbol callee, MapValue[] arguments, Location call)
    {
        IMethodSymbol method = callee.OriginalDefinition.PartialImplementationPart ?? callee.OriginalDefinition;
        if (_callers.Contains(method, SymbolEqualityComparer.Default))
        {
            _findings.Add(Diagnostics.Recursion, call, method.Name);
            return MapValue.Unknown;
        }

        if (Body(method) is not { } body)
        {
            _findings.Add(Diagnostics.FeatureMapNoBody, call, method.Name);
            return MapValue.Unknown;
        }

        MapFlow flow = new();
        for (int i = 0; i < arguments.Length; i++)
            flow[method.Parameters[i]] = Bounded(arguments[i]);

        _callers.Push(method);
        Execute(body, flow);
        _callers.Pop();
        if (!flow.HasReturned)
            _findings.Reject();
        return Bounded(flow.Result);
    }

    private IBlockOperation? Body(IMethodSymbol method)
    {
        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            SyntaxNode syntax = reference.GetSyntax(_cancellation);
            if (!_models.TryGetValue(syntax.SyntaxTree, out SemanticModel? model))
                _models[syntax.SyntaxTree] = model = _compilation.GetSemanticModel(syntax.SyntaxTree);
            IBlockOperation? body = model.GetOperation(syntax, _cancellation) switch
            {
                IMethodBodyOperation operation => operation.BlockBody ?? operation.ExpressionBody,
                ILocalFunctionOperation operation => operation.Body,
                _ => null,
            };
            if (body is not null)
                return body;
        }

        return null;
    }

    private MapValue Bounded(MapValue value)
    {
        if (!value.Exceeds(MostNodes))
            return value;
        ReportTooLarge();
        return MapValue.Unknown;
    }

    private void ReportTooLarge()
    {
        if (_isTooLarge)
            return;
        _isTooLarge = true;
        _findings.Add(Diagnostics.MapTooLarge, _method.Locations[0], _method.Name, Text(MostLevels), Text(MostNodes));
    }

    private static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
