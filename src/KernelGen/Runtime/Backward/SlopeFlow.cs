using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// The gradient of a head's slope over one sequence, lambda = exp(-slope). Every term of the loss that travels from a key s (or the initial state,
/// at -1) to a query t (or the final state, at T-1) carries one factor lambda a step, so dL/dlog(lambda) is the sum over steps of what
/// crosses them. With a_t = phi(q_t).dphi(q_t) what ends at t and b_s = phi(k_s).dphi(k_s) what begins at s,
/// <code>
/// X_0 = S_0.dS_0 + z_0.dz_0     X_{t+1} = X_t - a_t + b_t     dL/dslope = -sum_t X_t,  t = 0..T-1
/// </code>
/// This is sum_t t a_t - sum_s s b_s and the states' terms, summed so that what is added up is as large as the gradients and not as positions. The
/// final state needs no term: what is left after the last token is what it takes. The flows come in the element type, and the rounding of each
/// counts in every later step: in float32 the error grows with T^1.5, to about 1e-4 of the gradient at 2,000 tokens.
/// </summary>
internal static class SlopeFlow
{
    /// <summary>dL/dslope.</summary>
    /// <param name="initial">X_0.</param>
    /// <param name="queryFlow">a_0 of <paramref name="length"/>, one after the other.</param>
    /// <param name="keyFlow">b_0 likewise.</param>
    /// <param name="length">Tokens T.</param>
    public static double Gradient<T>(double initial, ref readonly T queryFlow, ref readonly T keyFlow, int length)
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

    private static double At<T>(ref readonly T first, int index)
        where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(Unsafe.Add(ref Unsafe.AsRef(in first), index));
}
