using ILGPU.Runtime;

namespace KernelGen.Gpu.Kernels;

/// <summary>A declaration with what a double-precision reference needs of it.</summary>
/// <param name="Name">Of the declared class.</param>
/// <param name="Open">The contract with its kernels on a device, given a seed.</param>
/// <param name="HeadDim">D.</param>
/// <param name="ValueDim">E.</param>
/// <param name="Map">phi.</param>
/// <param name="Slope">Its derivative.</param>
/// <param name="Normalized">Whether outputs are divided by the sum of their weights.</param>
/// <param name="Causal">Whether a token sees earlier ones only.</param>
/// <param name="Decay">How the past fades.</param>
/// <param name="Scale">Factor on scores.</param>
/// <param name="Format">How tensors are stored.</param>
public sealed partial record GpuVariant(
    string Name, Func<GpuVariant, Accelerator, int, GpuContractRun> Open, int HeadDim, int ValueDim, Func<double, double> Map, Func<double, double> Slope, bool Normalized = true, bool Causal = true, Decay Decay = Decay.None, double Scale = 1, GpuFormat Format = GpuFormat.Single)
{
    private const double Epsilon = 1e-6;

    public static IReadOnlyList<GpuVariant> All { get; } =
    [
        new(nameof(EluCausal), Contract(EluCausal.OnGpu), 64, 64, Elu, EluSlope),
        new(nameof(EluCross), Contract(EluCross.OnGpu), 64, 48, Elu, EluSlope, Causal: false, Scale: 0.125),
        new(nameof(OwnMap), Contract(OwnMap.OnGpu), 64, 64, x => x < 0 ? Math.Exp(x) : 1 + x + (0.5 * x * x), x => x < 0 ? Math.Exp(x) : 1 + x),
        new(nameof(Lightning), Contract(Lightning.OnGpu), 64, 64, x => x, _ => 1, Normalized: false, Decay: Decay.LightningSlopes),
        new(nameof(DecayPerHead), Contract(DecayPerHead.OnGpu), 32, 32, Elu, EluSlope, Decay: Decay.PerHead),
        new(nameof(IdentityUnnormalized), Contract(IdentityUnnormalized.OnGpu), 64, 64, x => x, _ => 1, Normalized: false),
        new(nameof(EluOdd), Contract(EluOdd.OnGpu), 7, 13, Elu, EluSlope),
        new(nameof(EluWide), Contract(EluWide.OnGpu), 128, 128, Elu, EluSlope),
        new(nameof(LightningWide), Contract(LightningWide.OnGpu), 128, 128, x => x, _ => 1, Normalized: false, Decay: Decay.LightningSlopes),
        new(nameof(EluHalf), Contract(EluHalf.OnGpu), 64, 64, Elu, EluSlope, Format: GpuFormat.Float16),
        new(nameof(LightningBFloat16), Contract(LightningBFloat16.OnGpu), 32, 32, x => x, _ => 1, Normalized: false, Decay: Decay.LightningSlopes, Format: GpuFormat.BFloat16),
        new(nameof(EluOddBFloat16), Contract(EluOddBFloat16.OnGpu), 7, 13, Elu, EluSlope, Format: GpuFormat.BFloat16),
        new(nameof(EluBFloat16), Contract(EluBFloat16.OnGpu), 64, 64, Elu, EluSlope, Format: GpuFormat.BFloat16),
        new(nameof(LightningHalf), Contract(LightningHalf.OnGpu), 64, 64, x => x, _ => 1, Normalized: false, Decay: Decay.LightningSlopes, Format: GpuFormat.Float16),
        new(nameof(EluCrossBFloat16), Contract(EluCrossBFloat16.OnGpu), 64, 48, Elu, EluSlope, Causal: false, Scale: 0.125, Format: GpuFormat.BFloat16),
        new(nameof(EluWideHalf), Contract(EluWideHalf.OnGpu), 128, 128, Elu, EluSlope, Format: GpuFormat.Float16),
    ];

    /// <summary>A number as tensors hold it.</summary>
    public float Rounded(float x) => Format switch
    {
        GpuFormat.Float16 => (float)(Half)x,
        GpuFormat.BFloat16 => (BFloat16)x,
        _ => x,
    };

    /// <summary>Bits of numbers in a 16-bit format.</summary>
    public ushort[] Bits(float[] values) => [.. values.Select(x => Format == GpuFormat.Float16 ? BitConverter.HalfToUInt16Bits((Half)x) : BFloat16.ToBits((BFloat16)x))];

    /// <summary>And the numbers.</summary>
    public float[] Numbers(ushort[] bits) => [.. bits.Select(x => Format == GpuFormat.Float16 ? (float)BitConverter.UInt16BitsToHalf(x) : BFloat16.FromBits(x))];

    /// <summary>
    /// The error of a tensor as a share of what it may be, times 1e-5: in float that is the error, relative to the largest number expected; in 16 bits 1.1 times that of rounding
    /// is allowed.
    /// </summary>
    /// <param name="got">Results.</param>
    /// <param name="want">What was expected.</param>
    /// <param name="least">What the error is relative to at least.</param>
    /// <param name="single">Error of single precision, where sums cancel.</param>
    public double Error(float[] got, double[] want, double least = 1e-30, double single = 1e-6)
    {
        double error = GpuContract.Error(got, want, least);
        if (Format == GpuFormat.Single)
            return error;
        double rounding = GpuContract.Error([.. want.Select(x => Rounded((float)x))], want, least);

        // What is held against a larger number is what is left when sums cancel: single precision's error shows there.
        return GpuContract.Tolerance * error / ((1.1 * rounding) + (least > 1e-20 ? single : 1e-9));
    }

    private static Func<GpuVariant, Accelerator, int, GpuContractRun> Contract(Func<GpuDevice, GpuAttention<float>> load) => (v, a, seed) => new GpuContractRun<float>(a, load, v, seed, x => x, x => x);

    private static Func<GpuVariant, Accelerator, int, GpuContractRun> Contract(Func<GpuDevice, GpuAttention<Half>> load) => (v, a, seed) => new GpuContractRun<Half>(a, load, v, seed, x => (Half)x, x => (float)x);

    private static Func<GpuVariant, Accelerator, int, GpuContractRun> Contract(Func<GpuDevice, GpuAttention<BFloat16>> load) =>
        (v, a, seed) => new GpuContractRun<BFloat16>(a, load, v, seed, x => (BFloat16)x, x => x);

    public static GpuVariant Of(string name) => All.Single(v => v.Name == name);

    /// <summary>Attention of one head by its recurrence, or where tokens see all keys, by its sums.</summary>
    /// <param name="q">[T, D] rows by token.</param>
    /// <param name="k">[S, D].</param>
    /// <param name="v">[S, E].</param>
    /// <param name="kept">Which keys count.</param>
    /// <param name="slope">Decay a token.</param>
    /// <param name="sum">S, [D, E]: before the first token, and after the last.</param>
    /// <param name="normalizer">z, [D]: likewise.</param>
    /// <returns>o, [T, E].</returns>
    public double[][] Reference(double[][] q, double[][] k, double[][] v, bool[] kept, double slope, double[] sum, double[] normalizer)
    {
        if (!Causal)
        {
            for (int s = 0; s < k.Length; s++)
                Add(k[s], v[s], kept[s], 1, sum, normalizer);
            return [.. q.Select(row => Read(row, sum, normalizer))];
        }

        double[][] o = new double[q.Length][];
        for (int t = 0; t < q.Length; t++)
        {
            Add(k[t], v[t], kept[t], Math.Exp(-slope), sum, normalizer);
            o[t] = Read(q[t], sum, normalizer);
        }

        return o;
    }

    private void Add(double[] k, double[] v, bool isKept, double fade, double[] sum, double[] normalizer)
    {
        for (int d = 0; d < HeadDim; d++)
        {
            double key = isKept ? Map(k[d]) : 0;
            normalizer[d] = (fade * normalizer[d]) + key;
            for (int e = 0; e < ValueDim; e++)
                sum[(d * ValueDim) + e] = (fade * sum[(d * ValueDim) + e]) + (isKept ? key * v[e] : 0);
        }
    }

    private double[] Read(double[] q, double[] sum, double[] normalizer)
    {
        double[] o = new double[ValueDim];
        double weight = 0;
        for (int d = 0; d < HeadDim; d++)
        {
            double query = Map(q[d]) * Scale;
            weight += query * normalizer[d];
            for (int e = 0; e < ValueDim; e++)
                o[e] += query * sum[(d * ValueDim) + e];
        }

        return Normalized ? [.. o.Select(x => x / (weight + Epsilon))] : o;
    }

    private static double EluSlope(double x) => x > 0 ? 1 : Math.Exp(x);

    private static double Elu(double x) => x > 0 ? x + 1 : Math.Exp(x);
}
