using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>Documented values at the ends of the domains, bit for bit, in every overload and in every lane.</summary>
public sealed class VectorMathSpecialValueTests
{
    public static TheoryData<string, float, float> FloatValues => new()
    {
        { "Exp", 0f, 1f },
        { "Exp", -0f, 1f },
        { "Exp", float.NegativeInfinity, 0f },
        { "Exp", float.MinValue, 0f },
        { "Exp", -87f, 0f },
        { "Exp", -103f, 0f },
        { "Exp", float.PositiveInfinity, float.PositiveInfinity },
        { "Exp", float.MaxValue, float.PositiveInfinity },
        { "Exp", 88.72284f, float.PositiveInfinity },
        { "Exp", float.NaN, float.NaN },
        { "Exp", float.Epsilon, 1f },
        { "Log", 1f, 0f },
        { "Log", 0f, float.NegativeInfinity },
        { "Log", -0f, float.NegativeInfinity },
        { "Log", -1f, float.NaN },
        { "Log", -float.Epsilon, float.NaN },
        { "Log", float.NegativeInfinity, float.NaN },
        { "Log", float.PositiveInfinity, float.PositiveInfinity },
        { "Log", float.NaN, float.NaN },
        { "Log", float.Epsilon, -103.27893f },
        { "Tanh", 0f, 0f },
        { "Tanh", -0f, -0f },
        { "Tanh", 9.1f, 1f },
        { "Tanh", -9.1f, -1f },
        { "Tanh", float.PositiveInfinity, 1f },
        { "Tanh", float.NegativeInfinity, -1f },
        { "Tanh", float.Epsilon, float.Epsilon },
        { "Tanh", -float.Epsilon, -float.Epsilon },
        { "Tanh", float.NaN, float.NaN },
        { "Sin", 0f, 0f },
        { "Sin", -0f, -0f },
        { "Sin", float.Epsilon, float.Epsilon },
        { "Sin", float.PositiveInfinity, float.NaN },
        { "Sin", float.NegativeInfinity, float.NaN },
        { "Sin", float.NaN, float.NaN },
        { "Sin", 1e30f, (float)Math.Sin(1e30f) },
        { "Cos", 0f, 1f },
        { "Cos", -0f, 1f },
        { "Cos", float.PositiveInfinity, float.NaN },
        { "Cos", float.NaN, float.NaN },
        { "Cos", 1e30f, (float)Math.Cos(1e30f) },
    };

    public static TheoryData<string, double, double> DoubleValues => new()
    {
        { "Exp", 0.0, 1.0 },
        { "Exp", -0.0, 1.0 },
        { "Exp", double.NegativeInfinity, 0.0 },
        { "Exp", -708.1, 0.0 },
        { "Exp", -745.0, 0.0 },
        { "Exp", double.PositiveInfinity, double.PositiveInfinity },
        { "Exp", 709.7827128933841, double.PositiveInfinity },
        { "Exp", double.NaN, double.NaN },
        { "Log", 1.0, 0.0 },
        { "Log", 0.0, double.NegativeInfinity },
        { "Log", -0.0, double.NegativeInfinity },
        { "Log", -1.0, double.NaN },
        { "Log", double.NegativeInfinity, double.NaN },
        { "Log", double.PositiveInfinity, double.PositiveInfinity },
        { "Log", double.NaN, double.NaN },
        { "Log", double.Epsilon, -744.4400719213812 },
        { "Tanh", 0.0, 0.0 },
        { "Tanh", -0.0, -0.0 },
        { "Tanh", 19.1, 1.0 },
        { "Tanh", double.NegativeInfinity, -1.0 },
        { "Tanh", double.Epsilon, double.Epsilon },
        { "Tanh", double.NaN, double.NaN },
        { "Sin", -0.0, -0.0 },
        { "Sin", double.Epsilon, double.Epsilon },
        { "Sin", double.PositiveInfinity, double.NaN },
        { "Sin", double.NaN, double.NaN },
        { "Sin", 1e300, Math.Sin(1e300) },
        { "Cos", 0.0, 1.0 },
        { "Cos", double.NegativeInfinity, double.NaN },
        { "Cos", double.NaN, double.NaN },
        { "Cos", 1e300, Math.Cos(1e300) },
    };

    [Theory]
    [MemberData(nameof(FloatValues))]
    public void Float_SpecialArgument_GivesDocumentedValue(string name, float argument, float expected)
    {
        foreach (int bits in (int[])[512, 256, 128, 32])
        {
            // One special lane among ordinary ones, so that a lane's neighbours must not matter either.
            for (int special = 0; special < bits / 32; special++)
            {
                float[] lanes = Enumerable.Repeat(0.5f, bits / 32).ToArray();
                lanes[special] = argument;
                ElementaryFunction.All[name].Apply(bits, lanes);
                if (float.IsNaN(expected))
                    Assert.True(float.IsNaN(lanes[special]), $"{bits} bits: {lanes[special]:R}");
                else
                    Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(lanes[special]));
                for (int lane = 0; lane < lanes.Length; lane++)
                    Assert.True(lane == special || Ulp.Error(lanes[lane], ElementaryFunction.All[name].Reference(0.5)) <= 2.5, $"{bits} bits, lane {lane}: {lanes[lane]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(DoubleValues))]
    public void Double_SpecialArgument_GivesDocumentedValue(string name, double argument, double expected)
    {
        foreach (int bits in (int[])[512, 256, 128, 64])
        {
            for (int special = 0; special < bits / 64; special++)
            {
                double[] lanes = Enumerable.Repeat(0.5, bits / 64).ToArray();
                lanes[special] = argument;
                ElementaryFunction.All[name].Apply(bits, lanes);
                if (double.IsNaN(expected))
                    Assert.True(double.IsNaN(lanes[special]), $"{bits} bits: {lanes[special]:R}");
                else
                    Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(lanes[special]));
                for (int lane = 0; lane < lanes.Length; lane++)
                    Assert.True(lane == special || ElementaryFunction.All[name].Exact(0.5).UlpsFrom(lanes[lane]) <= 2.5, $"{bits} bits, lane {lane}: {lanes[lane]:R}");
            }
        }
    }

    [Fact]
    public void Exp_LargestArgumentThatDoesNotOverflow_IsFinite()
    {
        Assert.True(float.IsFinite(VectorMath.Exp(Vector512.Create(88.72283f))[0]));
        Assert.True(double.IsFinite(VectorMath.Exp(Vector512.Create(709.782712893384))[0]));
    }

    [Fact]
    public void MultiplyAdd_ProductThatRounds_IsFusedAsDocumented()
    {
        // (1 + e)^2 - (1 + 2 e) = e^2, of which rounding the product leaves nothing.
        const float E = 1f / 4096 / 2;
        const double D = 1.0 / (1 << 27);
        bool fused = Fma.IsSupported || AdvSimd.IsSupported;
        float a = 1 + E, c = -(1 + (2 * E));
        Assert.Equal(Vector512.Create(E * E), VectorMath.MultiplyAdd(Vector512.Create(a), Vector512.Create(a), Vector512.Create(c)));
        Assert.Equal(Vector256.Create(E * E), VectorMath.MultiplyAdd(Vector256.Create(a), Vector256.Create(a), Vector256.Create(c)));
        Assert.Equal(Vector128.Create(fused ? E * E : 0), VectorMath.MultiplyAdd(Vector128.Create(a), Vector128.Create(a), Vector128.Create(c)));
        Assert.Equal(0, VectorMath.MultiplyAdd(a, a, c));
        double b = 1 + D, d = -(1 + (2 * D));
        Assert.Equal(Vector512.Create(D * D), VectorMath.MultiplyAdd(Vector512.Create(b), Vector512.Create(b), Vector512.Create(d)));
        Assert.Equal(Vector256.Create(D * D), VectorMath.MultiplyAdd(Vector256.Create(b), Vector256.Create(b), Vector256.Create(d)));
        Assert.Equal(Vector128.Create(fused ? D * D : 0), VectorMath.MultiplyAdd(Vector128.Create(b), Vector128.Create(b), Vector128.Create(d)));
        Assert.Equal(0, VectorMath.MultiplyAdd(b, b, d));
    }
}
