using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Xunit.Abstractions;

namespace KernelGen.Tests.Runtime;

/// <summary>The double functions on arguments of every exponent and on dense ones in the ranges that matter.</summary>
public sealed class VectorMathDoubleTests(ITestOutputHelper output)
{
    private const int Lanes = 8;

    private static readonly int[] s_widths = [512, 256, 128, 64];

    private static bool HasFma => Fma.IsSupported || AdvSimd.IsSupported;

    [Theory]
    [MemberData(nameof(ElementaryFunction.Names), MemberType = typeof(ElementaryFunction))]
    public void Function_AllScales_WithinDocumentedUlps(string name)
    {
        ElementaryFunction function = ElementaryFunction.All[name];
        double[] worst = new double[s_widths.Length], at = new double[s_widths.Length], results = new double[Lanes];
        Func<double, double>[] errors = new Func<double, double>[Lanes];
        foreach (double[] arguments in Arguments())
        {
            for (int lane = 0; lane < Lanes; lane++)
                errors[lane] = ErrorAt(function, arguments[lane]);
            for (int w = 0; w < s_widths.Length; w++)
            {
                Apply(function, s_widths[w], arguments, results);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    double error = errors[lane](results[lane]);
                    if (error > worst[w])
                        (worst[w], at[w]) = (error, arguments[lane]);
                }
            }
        }

        for (int w = 0; w < s_widths.Length; w++)
            output.WriteLine($"{name} {s_widths[w]}: {worst[w]:F4} ulp at {at[w]:R}");
        for (int w = 0; w < s_widths.Length; w++)
        {
            bool fused = s_widths[w] > 128 || (s_widths[w] == 128 && HasFma);
            Assert.True(worst[w] <= (fused ? function.DoubleBound : function.UnfusedDoubleBound), $"{s_widths[w]} bits: {worst[w]} ulp at {at[w]:R}");
        }
    }

    [Theory]
    [MemberData(nameof(ElementaryFunction.Names), MemberType = typeof(ElementaryFunction))]
    public void Function_EveryFusedWidth_SameBits(string name)
    {
        ElementaryFunction function = ElementaryFunction.All[name];
        int[] narrower = HasFma ? [256, 128] : [256];
        double[] wide = new double[Lanes], narrow = new double[Lanes];
        foreach (double[] arguments in Arguments())
        {
            Apply(function, 512, arguments, wide);
            foreach (int bits in narrower)
            {
                Apply(function, bits, arguments, narrow);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    if (BitConverter.DoubleToInt64Bits(narrow[lane]) != BitConverter.DoubleToInt64Bits(wide[lane]))
                        Assert.Fail($"{name}({arguments[lane]:R}): {wide[lane]:R} with 512 bits, {narrow[lane]:R} with {bits}");
                }
            }
        }
    }

    private static void Apply(ElementaryFunction function, int bits, double[] arguments, double[] results)
    {
        arguments.CopyTo(results, 0);
        for (int lane = 0; lane < Lanes; lane += bits / 64)
            function.Apply(bits, results.AsSpan(lane, bits / 64));
    }

    /// <summary>The error of a result at one argument, as a function of the result: the exact value is computed once for all widths.</summary>
    private static Func<double, double> ErrorAt(ElementaryFunction function, double argument)
    {
        double reference = function.Reference(argument);
        if (argument < function.ZeroBelow.Double)
            return result => Ulp.Error(result, 0.0);
        if (!double.IsFinite(reference) || !double.IsFinite(argument) || reference == 0)
            return result => Ulp.Error(result, reference);
        if (!(Math.Abs(argument) <= function.MathBeyond))
            return result => Ulp.Error(result, reference);
        Exact exact = function.Exact(argument);
        return result => result == 0 && argument < function.ZeroBelow.Double + 0.01 ? 0 : exact.UlpsFrom(result);
    }

    /// <summary>A stride over all bit patterns, then random numbers in +-1000, +-20, +-1, around 1, at and near multiples of pi / 2, and denormals.</summary>
    private static IEnumerable<double[]> Arguments()
    {
        int count = HasFma ? 2_000 : 300;
        double[] arguments = new double[Lanes];
        ulong stride = ulong.MaxValue / (ulong)(count * Lanes) | 1;
        Random random = new(20);
        for (int i = 0; i < count; i++)
        {
            for (int lane = 0; lane < Lanes; lane++)
                arguments[lane] = BitConverter.UInt64BitsToDouble((ulong)((i * Lanes) + lane) * stride);
            yield return arguments;

            for (int lane = 0; lane < Lanes; lane++)
            {
                double uniform = (2 * random.NextDouble()) - 1;
                arguments[lane] = lane switch
                {
                    0 => uniform * 1000,
                    1 or 2 => uniform * 20,
                    3 => uniform,
                    4 => Math.Abs(uniform) * 4,
                    5 => 1 + (uniform / 16),
                    6 => (random.Next(1 << 19) * (Math.PI / 2)) + (i % 2 * uniform * 1e-9),
                    _ => uniform * double.Epsilon * (1L << random.Next(53)),
                };
            }

            yield return arguments;
        }
    }
}
