using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Machine;

/// <summary>
/// What one core of this machine can do, measured in this process: the denominators of every fraction. Fractions of a data sheet would
/// compare two clocks.
/// </summary>
internal static unsafe class MachineLimits
{
    private const int FmaIterations = 20_000;

    private static readonly TimeSpan _budget = TimeSpan.FromMilliseconds(400);
    private static readonly ConcurrentDictionary<InstructionSet, double> _fmaPeaks = [];

    /// <summary>Whether this process may use a level.</summary>
    public static bool Has(InstructionSet level) => level switch
    {
        InstructionSet.Avx512 => Avx512F.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };

    /// <summary>Fused multiply-adds of one core, in flop/s; measured once a process.</summary>
    public static double FmaPeak(InstructionSet level) => _fmaPeaks.GetOrAdd(level, static level =>
    {
        (Action run, double flops) = FmaRun(level);
        return flops / Alternating.Measure(_budget, run)[0].Minimum;
    });

    /// <summary>The loop behind <see cref="FmaPeak"/> and its flops, to be timed in turns with a kernel.</summary>
    public static (Action Run, double Flops) FmaRun(InstructionSet level)
    {
        if (!Has(level))
            throw new RowUnavailableException($"this process has no {level}");
        return level switch
        {
            InstructionSet.Avx512 => Chains<Vector512<float>, Lanes512>(),
            InstructionSet.Avx2 => Chains<Vector256<float>, Lanes256>(),
            _ => Chains<Vector128<float>, Lanes128>(),
        };
    }

    /// <summary>Bytes per second of repeated reads of a working set of <paramref name="bytes"/>, with the widest vectors.</summary>
    public static double ReadBandwidth(long bytes)
    {
        PinnedBuffer buffer = Buffer(bytes);

        // One pass over L1 takes less than a hundred nanoseconds: a call makes several, or its own cost would count.
        int passes = (int)Math.Max(1, (1 << 20) / bytes);
        Action read = Has(InstructionSet.Avx512) ? Read<Vector512<float>, Lanes512>(buffer, passes)
            : Has(InstructionSet.Avx2) ? Read<Vector256<float>, Lanes256>(buffer, passes)
            : Read<Vector128<float>, Lanes128>(buffer, passes);
        return (double)passes * buffer.Length * sizeof(float) / Alternating.Measure(_budget, read)[0].Minimum;
    }

    /// <summary>
    /// Bytes per second of an attention kernel's traffic: q, k and v read and o written once, <paramref name="bytes"/> in all, each counted
    /// once. The better of stores through the caches and around them.
    /// </summary>
    public static double StreamBandwidth(long bytes)
    {
        PinnedBuffer q = Buffer(bytes / 4), k = Buffer(bytes / 4), v = Buffer(bytes / 4), o = Buffer(bytes / 4);
        Action[] mixes = Has(InstructionSet.Avx512) ? Mixes<Vector512<float>, Lanes512>(q, k, v, o)
            : Has(InstructionSet.Avx2) ? Mixes<Vector256<float>, Lanes256>(q, k, v, o)
            : Mixes<Vector128<float>, Lanes128>(q, k, v, o);
        return 4.0 * q.Length * sizeof(float) / Alternating.Measure(_budget, mixes).Min(timing => timing.Minimum);
    }

    private static PinnedBuffer Buffer(long bytes)
    {
        long length = bytes / sizeof(float) / MemoryStreams.Granularity * MemoryStreams.Granularity;
        return new PinnedBuffer(length).FillUniform(seed: 1);
    }

    private static (Action Run, double Flops) Chains<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        (static () => FmaChains.Run<TVector, TLanes>(FmaIterations), FmaChains.Flops<TVector, TLanes>(FmaIterations));

    private static Action Read<TVector, TLanes>(PinnedBuffer buffer, int passes)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        () => MemoryStreams.Read<TVector, TLanes>(buffer.Address, buffer.Length, passes);

    private static Action[] Mixes<TVector, TLanes>(PinnedBuffer q, PinnedBuffer k, PinnedBuffer v, PinnedBuffer o)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        [
            () => MemoryStreams.Mix<TVector, TLanes>(q.Address, k.Address, v.Address, o.Address, q.Length),
            () => MemoryStreams.MixAround<TVector, TLanes>(q.Address, k.Address, v.Address, o.Address, q.Length),
        ];
}
