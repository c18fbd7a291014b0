using System.Runtime.Intrinsics;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>One function of <see cref="VectorMath"/> in all its overloads, with its reference and its documented bounds.</summary>
public sealed record ElementaryFunction
{
    public required string Name { get; init; }

    /// <summary>The function in double, to judge floats by, and for doubles outside the finite part of its domain.</summary>
    public required Func<double, double> Reference { get; init; }

    /// <summary>The function of a finite double with a finite value.</summary>
    public required Func<double, Exact> Exact { get; init; }

    /// <summary>Beyond this magnitude the double overloads are documented to be those of <see cref="Math"/>.</summary>
    public double MathBeyond { get; init; } = double.PositiveInfinity;

    /// <summary>Documented worst error in ulp, with fused arithmetic and without.</summary>
    public required double FloatBound { get; init; }

    public required double UnfusedFloatBound { get; init; }

    public required double DoubleBound { get; init; }

    public required double UnfusedDoubleBound { get; init; }

    /// <summary>Below this the result is documented to be +0, in float and in double.</summary>
    public (double Float, double Double) ZeroBelow { get; init; } = (double.NegativeInfinity, double.NegativeInfinity);

    public required Func<Vector512<float>, Vector512<float>> Float512 { get; init; }

    public required Func<Vector256<float>, Vector256<float>> Float256 { get; init; }

    public required Func<Vector128<float>, Vector128<float>> Float128 { get; init; }

    public required Func<float, float> FloatScalar { get; init; }

    public required Func<Vector512<double>, Vector512<double>> Double512 { get; init; }

    public required Func<Vector256<double>, Vector256<double>> Double256 { get; init; }

    public required Func<Vector128<double>, Vector128<double>> Double128 { get; init; }

    public required Func<double, double> DoubleScalar { get; init; }

    public static IReadOnlyDictionary<string, ElementaryFunction> All { get; } = new[]
    {
        new ElementaryFunction
        {
            Name = "Exp", Reference = Math.Exp, Exact = Runtime.Exact.Exp, ZeroBelow = (-86.99, -708.05),
            FloatBound = 1.9, UnfusedFloatBound = 2.3, DoubleBound = 0.85, UnfusedDoubleBound = 1.2,
            Float512 = VectorMath.Exp, Float256 = VectorMath.Exp, Float128 = VectorMath.Exp, FloatScalar = VectorMath.Exp,
            Double512 = VectorMath.Exp, Double256 = VectorMath.Exp, Double128 = VectorMath.Exp, DoubleScalar = VectorMath.Exp,
        },
        new ElementaryFunction
        {
            Name = "Log", Reference = Math.Log, Exact = Runtime.Exact.Log,
            FloatBound = 0.83, UnfusedFloatBound = 0.83, DoubleBound = 0.83, UnfusedDoubleBound = 0.83,
            Float512 = VectorMath.Log, Float256 = VectorMath.Log, Float128 = VectorMath.Log, FloatScalar = VectorMath.Log,
            Double512 = VectorMath.Log, Double256 = VectorMath.Log, Double128 = VectorMath.Log, DoubleScalar = VectorMath.Log,
        },
        new ElementaryFunction
        {
            Name = "Sin", Reference = Math.Sin, Exact = Runtime.Exact.Sin, MathBeyond = 1 << 20,
            FloatBound = 1.7, UnfusedFloatBound = 0.501, DoubleBound = 1.7, UnfusedDoubleBound = 1,
            Float512 = VectorMath.Sin, Float256 = VectorMath.Sin, Float128 = VectorMath.Sin, FloatScalar = VectorMath.Sin,
            Double512 = VectorMath.Sin, Double256 = VectorMath.Sin, Double128 = VectorMath.Sin, DoubleScalar = VectorMath.Sin,
        },
        new ElementaryFunction
        {
            Name = "Cos", Reference = Math.Cos, Exact = Runtime.Exact.Cos, MathBeyond = 1 << 20,
            FloatBound = 1.81, UnfusedFloatBound = 0.501, DoubleBound = 1.81, UnfusedDoubleBound = 1,
            Float512 = VectorMath.Cos, Float256 = VectorMath.Cos, Float128 = VectorMath.Cos, FloatScalar = VectorMath.Cos,
            Double512 = VectorMath.Cos, Double256 = VectorMath.Cos, Double128 = VectorMath.Cos, DoubleScalar = VectorMath.Cos,
        },
        new ElementaryFunction
        {
            Name = "Tanh", Reference = Math.Tanh, Exact = Runtime.Exact.Tanh,
            FloatBound = 1.75, UnfusedFloatBound = 2.5, DoubleBound = 1.75, UnfusedDoubleBound = 2.5,
            Float512 = VectorMath.Tanh, Float256 = VectorMath.Tanh, Float128 = VectorMath.Tanh, FloatScalar = VectorMath.Tanh,
            Double512 = VectorMath.Tanh, Double256 = VectorMath.Tanh, Double128 = VectorMath.Tanh, DoubleScalar = VectorMath.Tanh,
        },
    }.ToDictionary(function => function.Name);

    public static TheoryData<string> Names => new(All.Keys);

    /// <summary>Applies an overload to a span of its vector's length, in place.</summary>
    public void Apply(int bits, Span<float> lanes)
    {
        switch (bits)
        {
            case 512: Float512(Vector512.Create<float>(lanes)).CopyTo(lanes); break;
            case 256: Float256(Vector256.Create<float>(lanes)).CopyTo(lanes); break;
            case 128: Float128(Vector128.Create<float>(lanes)).CopyTo(lanes); break;
            default: lanes[0] = FloatScalar(lanes[0]); break;
        }
    }

    /// <inheritdoc cref="Apply(int, Span{float})"/>
    public void Apply(int bits, Span<double> lanes)
    {
        switch (bits)
        {
            case 512: Double512(Vector512.Create<double>(lanes)).CopyTo(lanes); break;
            case 256: Double256(Vector256.Create<double>(lanes)).CopyTo(lanes); break;
            case 128: Double128(Vector128.Create<double>(lanes)).CopyTo(lanes); break;
            default: lanes[0] = DoubleScalar(lanes[0]); break;
        }
    }
}
