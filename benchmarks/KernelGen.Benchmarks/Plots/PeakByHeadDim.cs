using System.Runtime.Intrinsics.X86;
using KernelGen.Benchmarks.Machine;
using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Plots;

/// <summary>Lightning's useful flops (4 D E a token) over the FMA peak of the instruction set it ran on, by head dim; one head, 1024 tokens, in the caches.</summary>
internal static class PeakByHeadDim
{
    private const int Length = 1024;

    public static IReadOnlyList<int> HeadDims { get; } = [.. Variant.Lightnings.Select(variant => variant.HeadDim)];

    /// <summary>Fractions in the order of <see cref="HeadDims"/>, for each level that this machine has.</summary>
    public static IReadOnlyList<(string Title, double[] Fractions)> Measure(Figures figures)
    {
        List<(string, double[])> levels = [];
        if (MachineLimits.Has(InstructionSet.Avx512))
            levels.Add(("AVX-512", Here(InstructionSet.Avx512, figures)));
        if (MachineLimits.Has(InstructionSet.Avx2))
            levels.Add(("AVX2 (AVX-512 off)", Avx512F.IsSupported ? InChild(figures) : Here(InstructionSet.Avx2, figures)));
        return levels;
    }

    /// <summary>Fractions of the AVX2 peak, in a process that must not have AVX-512.</summary>
    public static void MeasureAvx2(Figures figures)
    {
        if (Avx512F.IsSupported)
            figures.Take(Name(HeadDims[0], InstructionSet.Avx2), static () => throw new RowRefusedException("this process has AVX-512"));
        else
            Here(InstructionSet.Avx2, figures);
    }

    private static double[] Here(InstructionSet level, Figures figures) => [.. Variant.Lightnings.Select(variant => figures.Take(
        Name(variant.HeadDim, level), () => MachineFractions.OfPeak(variant, 1, Length, level).Value))];

    private static double[] InChild(Figures figures)
    {
        Lazy<IReadOnlyDictionary<string, double>> child = new(static () => NarrowerProcess.FiguresWithoutAvx512("plots"));
        return [.. HeadDims.Select(dim => Name(dim, InstructionSet.Avx2)).Select(name => figures.Take(
            name,
            () => child.Value.TryGetValue(name, out double value) ? value : throw new RowUnavailableException("the process without AVX-512 has no figure for it")))];
    }

    private static string Name(int headDim, InstructionSet level)
    {
        string suffix = level == InstructionSet.Avx512 ? "avx512" : "avx2";
        return $"forward.lightning.h1.t{Length}.d{headDim}.{suffix}.useful_peak_fraction";
    }
}
