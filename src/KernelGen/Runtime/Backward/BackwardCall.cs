using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>One backward call whose every argument has been checked: what the loops over sequences and heads read.</summary>
internal readonly ref struct BackwardCall<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly BackwardTensors Tensors;
    public readonly BackwardOptions<T> Options;
    public readonly Geometry Geometry;

    private BackwardCall(scoped in BackwardTensors tensors, scoped in BackwardOptions<T> options, scoped in Geometry geometry, int sequences)
    {
        Tensors = tensors;
        Options = options;
        Geometry = geometry;
        Sequences = sequences;
    }

    /// <summary>Sequences N.</summary>
    public int Sequences { get; }

    /// <summary>Tokens of the longest sequence, of queries or keys.</summary>
    public int LongestSequence
    {
        get
        {
            int longest = 0;
            for (int n = 0; n < Sequences; n++)
            {
                SequenceRange range = Range(n);
                longest = Math.Max(longest, Math.Max(range.Length, range.KeyLength));
            }

            return longest;
        }
    }

    public static BackwardCall<T> Of(scoped in BackwardTensors tensors, scoped in AttentionShape shape, scoped in BackwardOptions<T> options, KernelTraits traits)
    {
        Geometry geometry = ShapeValidation.Resolve(shape, traits);
        ShapeValidation.CheckTensors(tensors, geometry, traits, shape.Layout);
        int sequences = BackwardValidation.CheckOptions(options, geometry, shape.Layout, traits);
        BackwardSeparation.Check(tensors, options);
        return new BackwardCall<T>(tensors, options, geometry, sequences);
    }

    public SequenceRange Range(int sequence) => SequenceRange.Of(Geometry, Options.CuSeqlens, Options.KeyCuSeqlens, sequence);
}
