namespace KernelGen.Generator.Spec;

/// <summary>
/// The automatic chunk size: one per declaration, for every pass and target, so a function of nothing but the dims, the element type,
/// the decay and the normaliser. It is part of a saved state's identity.
/// </summary>
internal static class ChunkRule
{
    public const int Minimum = 16;
    public const int Maximum = 128;

    public static int Choose(int featureDim, int valueDim, ElementType elementType, DecayKind decay, Normalizer? normalizer)
    {
        _ = (elementType, normalizer);

        // A chunk of C tokens costs C (M + E) for its triangle and one pass over the M x E state. With a decay the pass is one multiply-add
        // an element and 16 is best for small heads; a compensated state costs a two-sum more, which 32 halves.
        bool small = (long)featureDim * valueDim <= 64 * 64;
        return small && decay != DecayKind.None ? 16 : 32;
    }
}
