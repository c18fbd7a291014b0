using System.Runtime.CompilerServices;
using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime.Reference;

/// <content>
/// The backward phases, token by token. With S_t = lambda S_{t-1} + phi(k_t) v_t^T (z likewise), n_t = phi(q_t).z_t + eps, g_t = dO_t / n_t and
/// r_t = dO_t.o_t / n_t (n = 1 and r = 0 without a normaliser), and dS from the last token back, dS_t = lambda dS_{t+1} + phi(q_t) g_t^T:
/// <code>
/// dphi(q_t) = S_t g_t - r_t z_t     dphi(k_t) = dS_t v_t + dz_t     dv_t = dS_t^T phi(k_t)     dz_t = lambda dz_{t+1} - r_t phi(q_t)
/// </code>
/// Not causal: S and dS are those of all tokens.
/// </content>
internal readonly partial struct ScalarKernel<TDeclaration, T>
{
    // Tiles of one element a token, in Tokens.
    private const int Inverse = 0;
    private const int Ratio = 1;

    public static void Backward(InstructionSet level, int phase, PhasePart part, ref KernelFrame<T> frame)
    {
        Prepare(level, ref frame, Traits.Backward!.ScratchLength);
        switch (Traits.Backward.Phases[phase].Tokens)
        {
            case BackwardTokens.State:
                for (int t = 0; t < frame.Length; t++)
                    Accumulate(ref frame, t);
                break;
            case BackwardTokens.Queries:
                for (int t = 0; t < frame.Length; t++)
                    QueryToken(ref frame, t);
                break;
            default:
                for (int t = frame.Length - 1; t >= 0; t--)
                    KeyToken(ref frame, t);
                break;
        }
    }

    /// <summary>S &lt;- lambda S + phi(k) v^T, z likewise.</summary>
    private static void Accumulate(ref KernelFrame<T> frame, int t)
    {
        T fade = Fade(ref frame, 1);
        bool seen = IsSeen(ref frame, t);
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            T key = seen ? Map(At(in frame.K, (t * frame.KStride) + m)) : T.Zero;
            for (int e = 0; e < Traits.ValueDim; e++)
                State(ref frame, m, e) = (fade * State(ref frame, m, e)) + (seen ? key * At(in frame.V, (t * frame.VStride) + e) : T.Zero);
            if (Traits.Normalized)
                Normalizer(ref frame, m) = (fade * Normalizer(ref frame, m)) + key;
        }
    }

    private static void QueryToken(ref KernelFrame<T> frame, int t)
    {
        if (Traits.Causal)
            Accumulate(ref frame, t);
        T weights = T.Zero;
        T product = T.Zero;
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            T q = Map(At(in frame.Q, (t * frame.QStride) + m));
            if (Traits.Normalized)
                weights += q * Normalizer(ref frame, m);
            for (int e = 0; e < Traits.ValueDim; e++)
                product += q * State(ref frame, m, e) * At(in frame.OutputGradient, (t * frame.OutputGradientStride) + e);
        }

        T inverse = Traits.Normalized ? T.One / (weights + T.CreateTruncating(TDeclaration.Epsilon)) : T.One;
        T ratio = Traits.Normalized ? product * inverse * inverse : T.Zero;
        Token(ref frame, Inverse, t) = inverse;
        Token(ref frame, Ratio, t) = ratio;

        T flow = T.Zero;
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            T gradient = Traits.Normalized ? -ratio * Normalizer(ref frame, m) : T.Zero;
            for (int e = 0; e < Traits.ValueDim; e++)
                gradient += State(ref frame, m, e) * inverse * At(in frame.OutputGradient, (t * frame.OutputGradientStride) + e);
            T x = At(in frame.Q, (t * frame.QStride) + m);
            flow += Map(x) * gradient;
            Write(ref frame, ref Unsafe.Add(ref frame.QueryGradient, (t * frame.QueryGradientStride) + m), gradient * Slope(x));
        }

        if (Traits.Backward!.QueryFlow >= 0)
            Token(ref frame, Traits.Backward.QueryFlow, t) = flow;
        if (!Traits.Causal)
            AccumulateGradient(ref frame, t);
    }

    /// <summary>dS += phi(q) g^T, dz -= r phi(q).</summary>
    private static void AccumulateGradient(ref KernelFrame<T> frame, int t)
    {
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            T q = Map(At(in frame.Q, (t * frame.QStride) + m));
            for (int e = 0; e < Traits.ValueDim; e++)
                StateGradient(ref frame, m, e) += q * Token(ref frame, Inverse, t) * At(in frame.OutputGradient, (t * frame.OutputGradientStride) + e);
            if (Traits.Normalized)
                NormalizerGradient(ref frame, m) -= q * Token(ref frame, Ratio, t);
        }
    }

    private static void KeyToken(ref KernelFrame<T> frame, int t)
    {
        if (Traits.Causal)
            AccumulateGradient(ref frame, t);
        bool seen = IsSeen(ref frame, t);
        T flow = T.Zero;
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            T gradient = Traits.Normalized ? NormalizerGradient(ref frame, m) : T.Zero;
            for (int e = 0; e < Traits.ValueDim && seen; e++)
                gradient += StateGradient(ref frame, m, e) * At(in frame.V, (t * frame.VStride) + e);
            T x = seen ? At(in frame.K, (t * frame.KStride) + m) : T.Zero;
            flow += seen ? Map(x) * gradient : T.Zero;
            Write(ref frame, ref Unsafe.Add(ref frame.KeyGradient, (t * frame.KeyGradientStride) + m), seen ? gradient * Slope(x) : T.Zero);
        }

        for (int e = 0; e < Traits.ValueDim; e++)
        {
            T gradient = T.Zero;
            for (int m = 0; m < Traits.FeatureDim && seen; m++)
                gradient += Map(At(in frame.K, (t * frame.KStride) + m)) * StateGradient(ref frame, m, e);
            Write(ref frame, ref Unsafe.Add(ref frame.ValueGradient, (t * frame.ValueGradientStride) + e), gradient);
        }

        if (Traits.Backward!.KeyFlow >= 0)
            Token(ref frame, Traits.Backward.KeyFlow, t) = flow;
        if (Traits.Causal)
            FadeGradient(ref frame);
    }

    private static void FadeGradient(ref KernelFrame<T> frame)
    {
        T fade = Fade(ref frame, 1);
        for (int m = 0; m < Traits.FeatureDim; m++)
        {
            for (int e = 0; e < Traits.ValueDim; e++)
                StateGradient(ref frame, m, e) *= fade;
            if (Traits.Normalized)
                NormalizerGradient(ref frame, m) *= fade;
        }
    }

    private static void Write(ref KernelFrame<T> frame, ref T output, T value) => output = frame.Output == OutputMode.Add ? output + value : value;

    private static bool IsSeen(ref KernelFrame<T> frame, int t) => Unsafe.IsNullRef(in frame.KeyMask) || At(in frame.KeyMask, t);

    private static TItem At<TItem>(ref readonly TItem first, nint index) => Unsafe.Add(ref Unsafe.AsRef(in first), index);

    private static T Slope(T x) => T.CreateTruncating(TDeclaration.Map.Derivative(double.CreateTruncating(x)));

    private static ref T Token(ref KernelFrame<T> frame, int tile, int t) => ref Unsafe.Add(ref frame.Tokens, (tile * frame.TokenStride) + t);

    private static ref T State(ref KernelFrame<T> frame, int m, int e) =>
        ref Unsafe.Add(ref frame.State, Traits.Backward!.TransposedSumOffset + (e * Traits.Backward.TransposedSumStride) + m);

    private static ref T Normalizer(ref KernelFrame<T> frame, int m) => ref Unsafe.Add(ref frame.State, Traits.Backward!.NormalizerOffset + m);

    private static ref T StateGradient(ref KernelFrame<T> frame, int m, int e) =>
        ref Unsafe.Add(ref frame.State, Traits.Backward!.SumGradientOffset + (m * Traits.Backward.SumGradientStride) + e);

    private static ref T NormalizerGradient(ref KernelFrame<T> frame, int m) => ref Unsafe.Add(ref frame.State, Traits.Backward!.NormalizerGradientOffset + m);
}
