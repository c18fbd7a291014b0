using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// The gradients of a head's decay over one sequence: of its slope, lambda = exp(-slope), or of its gates, lambda_t = exp(g_t). Every term of the loss that travels from a key s (or the initial state,
/// at -1) to a query t (or the final state, at T-1) carries one factor lambda a step, so dL/dlog(lambda) of a step is the sum of what
/// crosses it. With a_t = phi(q_t).dphi(q_t) what ends at t and b_s = phi(k_s).dphi(k_s) what begins at s,
/// <code>
/// X_0 = S_0.dS_0 + z_0.dz_0     X_{t+1} = X_t - a_t + b_t     dL/dg_t = X_t     dL/dslope = -sum_t X_t,  t = 0..T-1
/// </code>
/// Convex gates weigh what token s adds by c_s = 1 - exp(g_s): b_s = c_s b'_s with b'_s = phi(k_s).dk_s, dk the gradient of the weighed key, which is what kernels leave; and dL/dg_s has
/// -exp(g_s) b'_s more. The slope's gradient is sum_t t a_t - sum_s s b_s and the states' terms, summed so that what is added up is as large as the gradients and not as positions. The
/// final state needs no term: what is left after the last token is what it takes. The flows come in the element type, and the rounding of each
/// counts in every later step: in float32 the error grows with T^1.5, to about 1e-4 of the gradient at 2,000 tokens.
/// </summary>
internal static class DecayFlow
{
    /// <summary>What kernels raise smaller log gates to.</summary>
    private const double LeastGate = -104;

    /// <summary>dL/dslope.</summary>
    /// <param name="initial">X_0.</param>
    /// <param name="queryFlow">a_0 of <paramref name="length"/>, one after the other.</param>
    /// <param name="keyFlow">b_0 likewise.</param>
    /// <param name="length">Tokens T.</param>
    public static double SlopeGradient<T>(double initial, ref readonly T queryFlow, ref readonly T keyFlow, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double crossing = initial;
        double sum = 0;
        for (int t = 0; t < length; t++)
        {
            sum += crossing;
            crossing += At(in keyFlow, t) - At(in queryFlow, t);
        }

        return -sum;
    }

    /// <summary>dL/dg_t of every token, 0 where the gate is one that kernels clamp.</summary>
    /// <param name="initial">X_0.</param>
    /// <param name="queryFlow">a_0 of <paramref name="length"/>, one after the other.</param>
    /// <param name="keyFlow">b_0 likewise.</param>
    /// <param name="length">Tokens T.</param>
    /// <param name="gates">g_0 of the tokens, <paramref name="stride"/> elements apart.</param>
    /// <param name="gradients">Receives dL/dg_0 and the others, likewise.</param>
    /// <param name="stride">Elements from a token's number to the next token's.</param>
    /// <param name="isConvex">Whether key flows are b', of keys that are weighed.</param>
    public static void GateGradients<T>(double initial, ref readonly T queryFlow, ref readonly T keyFlow, int length, ref readonly T gates, ref T gradients, nint stride, bool isConvex)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double crossing = initial;
        for (int t = 0; t < length; t++)
        {
            double gate = At(in gates, t * stride), flow = At(in keyFlow, t);
            double kept = isConvex ? Math.Exp(Math.Max(gate, LeastGate)) : 0;
            Unsafe.Add(ref gradients, t * stride) = gate < LeastGate ? T.Zero : T.CreateTruncating(crossing - (kept * flow));
            crossing += (isConvex ? (1 - kept) * flow : flow) - At(in queryFlow, t);
        }
    }

    /// <summary>X_0: what leaves the initial state, given its gradient in the block.</summary>
    public static double Initial<T>(ref T block, KernelTraits traits, BackwardTraits backward, ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (state.IsEmpty)
            return 0;
        double flow = 0;
        for (int m = 0; m < traits.FeatureDim; m++)
            flow += Dot(state.Slice(m * traits.ValueDim, traits.ValueDim), BackwardBlock.GradientRow(ref block, traits, backward, m));
        return traits.Normalized ? flow + Dot(normalizer, BackwardBlock.NormalizerGradient(ref block, traits, backward)) : flow;
    }

    private static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
        return sum;
    }

    private static double At<T>(ref readonly T first, nint index)
        where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(Unsafe.Add(ref Unsafe.AsRef(in first), index));
}
