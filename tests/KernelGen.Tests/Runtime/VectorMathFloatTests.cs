using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Xunit.Abstractions;

namespace KernelGen.Tests.Runtime;

/// <summary>
/// The float functions over the whole range of bit patterns: every one of them when KERNELGEN_EXHAUSTIVE is 1, otherwise in a stride that
/// visits every exponent with varying low bits. The references are doubles, whose own error does not count.
/// </summary>
public sealed class VectorMathFloatTests(ITestOutputHelper output)
{
    private const long Patterns = 1L << 32;
    private const int Lanes = 16;

    private static readonly int[] s_widths = [512, 256, 128, 32];

    private static bool HasFma => Fma.IsSupported || AdvSimd.IsSupported;

    // Prime, so that low bits vary. Fused arithmetic in software is a hundred times slower.
    private static long Stride => Environment.GetEnvironmentVariable("KERNELGEN_EXHAUSTIVE") == "1" ? 1 : HasFma ? 10_007 : 100_003;

    [Theory]
    [MemberData(nameof(ElementaryFunction.Names), MemberType = typeof(ElementaryFunction))]
    public void Function_WholeRange_WithinDocumentedUlps(string name)
    {
        ElementaryFunction function = ElementaryFunction.All[name];
        Worst[] worst = new Worst[s_widths.Length];
        ForRange((arguments, local) =>
        {
            Span<double> exact = stackalloc double[Lanes];
            for (int lane = 0; lane < Lanes; lane++)
                exact[lane] = arguments[lane] < function.ZeroBelow.Float ? 0 : function.Reference(arguments[lane]);
            Span<float> results = stackalloc float[Lanes];
            for (int w = 0; w < s_widths.Length; w++)
            {
                Apply(function, s_widths[w], arguments, results);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    bool flushed = results[lane] == 0 && arguments[lane] < function.ZeroBelow.Float + 0.01;
                    local[w] = local[w].With(arguments[lane], flushed ? 0 : Ulp.Error(results[lane], exact[lane]));
                }
            }
        }, local =>
        {
            lock (worst)
            {
                for (int w = 0; w < s_widths.Length; w++)
                    worst[w] = worst[w].With(local[w].Argument, local[w].Error);
            }
        });

        for (int w = 0; w < s_widths.Length; w++)
            output.WriteLine($"{name} {s_widths[w]}: {worst[w].Error:F4} ulp at {worst[w].Argument:R}");
        for (int w = 0; w < s_widths.Length; w++)
        {
            bool fused = s_widths[w] > 128 || (s_widths[w] == 128 && HasFma);
            Assert.True(worst[w].Error <= (fused ? function.FloatBound : function.UnfusedFloatBound), $"{s_widths[w]} bits: {worst[w].Error} ulp at {worst[w].Argument:R}");
        }
    }

    [Theory]
    [MemberData(nameof(ElementaryFunction.Names), MemberType = typeof(ElementaryFunction))]
    public void Function_EveryFusedWidth_SameBits(string name)
    {
        ElementaryFunction function = ElementaryFunction.All[name];
        int[] narrower = HasFma ? [256, 128] : [256];
        ForRange((arguments, _) =>
        {
            Span<float> wide = stackalloc float[Lanes];
            Apply(function, 512, arguments, wide);
            Span<float> narrow = stackalloc float[Lanes];
            foreach (int bits in narrower)
            {
                Apply(function, bits, arguments, narrow);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    if (BitConverter.SingleToInt32Bits(narrow[lane]) != BitConverter.SingleToInt32Bits(wide[lane]))
                        Assert.Fail($"{name}({arguments[lane]:R}): {wide[lane]:R} with 512 bits, {narrow[lane]:R} with {bits}");
                }
            }
        }, _ => { });
    }

    [Theory]
    [InlineData("Sin")]
    [InlineData("Cos")]
    public void Function_FloatsNearestToMultiplesOfHalfPi_WithinDocumentedUlps(string name)
    {
        ElementaryFunction function = ElementaryFunction.All[name];
        float[] arguments = new float[Lanes], results = new float[Lanes];
        int multiples = (int)((1 << 20) / (Math.PI / 2)), step = HasFma ? 1 : 50;
        for (int first = 0; first + (Lanes * step) <= multiples; first += Lanes * step)
        {
            for (int lane = 0; lane < Lanes; lane++)
                arguments[lane] = (float)((first + (lane * step)) * (Math.PI / 2));
            Apply(function, 512, arguments, results);
            for (int lane = 0; lane < Lanes; lane++)
            {
                double error = Ulp.Error(results[lane], function.Reference(arguments[lane]));
                if (error > function.FloatBound)
                    Assert.Fail($"{name}({arguments[lane]:R}) = {results[lane]:R}: {error} ulp");
            }
        }
    }

    private static void Apply(ElementaryFunction function, int bits, ReadOnlySpan<float> arguments, Span<float> results)
    {
        arguments.CopyTo(results);
        for (int lane = 0; lane < Lanes; lane += bits / 32)
            function.Apply(bits, results.Slice(lane, bits / 32));
    }

    private delegate void Check(ReadOnlySpan<float> arguments, Worst[] local);

    private static void ForRange(Check check, Action<Worst[]> merge)
    {
        long count = (Patterns + Stride - 1) / Stride;
        const int Parts = 64;
        Parallel.For(0, Parts, part =>
        {
            Worst[] local = new Worst[s_widths.Length];
            Span<float> arguments = stackalloc float[Lanes];
            for (long i = count * part / Parts; i < count * (part + 1) / Parts; i += Lanes)
            {
                // The last vector of a part runs into the next part, the very last wraps round.
                for (int lane = 0; lane < Lanes; lane++)
                    arguments[lane] = BitConverter.UInt32BitsToSingle((uint)((i + lane) * Stride));
                check(arguments, local);
            }

            merge(local);
        });
    }

    private readonly record struct Worst(float Argument, double Error)
    {
        public Worst With(float argument, double error) => error > Error ? new(argument, error) : this;
    }
}
