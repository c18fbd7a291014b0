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
        _ = (elementType, decay, normalizer);

        // A chunk of C tokens costs C (M + E) multiply-adds a token for its triangle, and a pass over the M x E state, read and written twice where it is
        // compensated. Measured from 16 to 64: up to 128 x 128, where the state stays in the nearer caches, 16 is best with a decay and without; beyond
        // that the state's traffic weighs more than the triangle.
        return (long)featureDim * valueDim <= 128 * 128 ? 16 : 32;
    }
}
