using KernelGen.Generator.Expressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace KernelGen.Generator.Frontend;

/// <summary>Calls: of the mathematical functions, and of static methods that are read in turn.</summary>
internal sealed partial class MapReader
{
    private MapValue ReadCall(IInvocationOperation call, MapFlow flow)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isMath = MathFunctions.IsMath(method);
        if (!isMath && Objection(method) is { } objection)
        {
            _findings.Add(Diagnostics.UnsupportedCall, call.Syntax.GetLocation(), objection, MathFunctions.Names);
            return MapValue.Unknown;
        }

        if (!isMath && !IsUsable(method.ReturnType, call.Syntax))
            return MapValue.Unknown;
        TellOfFloat(call);
        MapValue[] arguments = new MapValue[method.Parameters.Length];
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter)
                arguments[parameter.Ordinal] = Read(argument.Value, flow);
        }

        return isMath ? ReadMath(call, arguments) : Inline(method, arguments, call.Syntax.GetLocation());
    }

    private MapValue ReadMath(IInvocationOperation call, MapValue[] arguments)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isPower = method.Name == MathFunctions.Pow && arguments.Length == 2;
        Func<Expr[], MapValue>? form = MathFunctions.FormOf(method.Name, arguments.Length);
        if (!isPower && form is null)
        {
            string function = method.ContainingType.Name + "." + method.Name;
            _findings.Add(
                Diagnostics.UnsupportedCall, call.Syntax.GetLocation(), "'" + function + "' with " + Count(arguments.Length) + " has no vector form", MathFunctions.Names);
            return MapValue.Unknown;
        }

        if (!IsUsable(method.ReturnType, call.Syntax) || arguments.Any(argument => argument.Number is null))
            return MapValue.Unknown;
        Expr[] numbers = arguments.Select(argument => argument.Number!).ToArray();
        return isPower ? ReadPower(call, numbers) : form!(numbers);
    }

    private MapValue ReadPower(IInvocationOperation call, Expr[] numbers)
    {
        SyntaxNode exponent = call.Arguments.First(argument => argument.Parameter?.Ordinal == 1).Value.Syntax;
        Expr? value = Simplify.Of(numbers[1]) is Expr.Const c ? Compositions.Power(numbers[0], c.Value) : null;
        if (value is not null)
            return value;
        _findings.Add(Diagnostics.UnsupportedExponent, exponent.GetLocation(), Text((int)Compositions.GreatestExponent), "'" + exponent + "'");
        return MapValue.Unknown;
    }

    /// <summary>Why a method cannot be inlined; null where it can be tried.</summary>
    private static string? Objection(IMethodSymbol method)
    {
        string name = "'" + method.Name + "'";
        return method switch
        {
            { MethodKind: MethodKind.DelegateInvoke } => "A delegate cannot be followed",
            { IsStatic: false, MethodKind: MethodKind.LocalFunction } => name + " may capture state: declare the local function static",
            { IsStatic: false } => name + " is not static",
            { IsGenericMethod: true } => name + " is generic",
            { IsAbstract: true } or { IsVirtual: true } => name + " may be overridden",
            _ when method.Parameters.Any(parameter => parameter.RefKind != RefKind.None) => name + " has a parameter by reference",
            _ when method.DeclaringSyntaxReferences.Length == 0 => "'" + method.ContainingType.Name + "." + method.Name + "' has no source here",
            _ => null,
        };
    }

    private static string Count(int arguments) => arguments == 1 ? "one argument" : Text(arguments) + " arguments";
}
