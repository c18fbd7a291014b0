using System.Runtime.InteropServices;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Measurements;

/// <summary>A forward pass over tensors in bfloat16 beside the same over tensors in float32, of the same numbers.</summary>
internal static class StorageComparison
{
    private const string Narrow = "bfloat16", Wide = "float32";

    /// <summary>Of the error of rounding the exact outputs.</summary>
    private const double AllowedError = 1.1;

    private static readonly TimeSpan _budget = TimeSpan.FromSeconds(4);

    /// <summary>Time in bfloat16 over time in float32, in turns.</summary>
    public static Reading OfBFloat16(int heads, int length)
    {
        Variant variant = Variant.LinearTransformer64;
        Tensors tensors = new(new AttentionShape(Batch: 1, length, heads), variant.HeadDim);
        foreach (PinnedBuffer input in new[] { tensors.Q, tensors.K, tensors.V })
            Widen(Narrowed(input), input);
        Contest contest = new Contest()
            .Enter(Wide, () => variant.Enter(tensors))
            .Enter(Narrow, () => EnterNarrow(variant, tensors))
            .Run(_budget);
        return Reading.Ratio(contest.Of(Narrow), contest.Of(Wide));
    }

    private static Contestant EnterNarrow(Variant variant, Tensors tensors)
    {
        PinnedBuffer q = Narrowed(tensors.Q), k = Narrowed(tensors.K), v = Narrowed(tensors.V), o = Narrowed(tensors.NewOutput());
        PinnedBuffer exact = tensors.NewOutput(), actual = tensors.NewOutput();
        variant.Forward(tensors.Q.Span, tensors.K.Span, tensors.V.Span, exact.Span, tensors.Shape, default);
        Widen(Narrowed(exact), exact);
        double rounding = DoubleReference.RelativeRms(tensors, variant.Mathematics, exact.Span);

        Run();
        Widen(o, actual);
        return new Contestant(Run, DoubleReference.RelativeRms(tensors, variant.Mathematics, actual.Span), AllowedError * rounding);

        void Run() => LinearTransformer64BFloat16.Forward(Numbers(q), Numbers(k), Numbers(v), Numbers(o), tensors.Shape, new AttentionOptions<float> { MaxDegreeOfParallelism = 1 });
    }

    /// <summary>The nearest numbers, in a buffer of half the bytes.</summary>
    private static PinnedBuffer Narrowed(PinnedBuffer source)
    {
        PinnedBuffer narrow = new(source.Length / 2);
        Span<BFloat16> numbers = Numbers(narrow);
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (BFloat16)source.Span[i];
        return narrow;
    }

    private static void Widen(PinnedBuffer narrow, PinnedBuffer destination)
    {
        Span<BFloat16> numbers = Numbers(narrow);
        for (int i = 0; i < numbers.Length; i++)
            destination.Span[i] = numbers[i];
    }

    private static Span<BFloat16> Numbers(PinnedBuffer buffer) => MemoryMarshal.Cast<float, BFloat16>(buffer.Span);
}
