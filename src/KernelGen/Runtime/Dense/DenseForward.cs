using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>The forward pass of a dense layer over checked tensors.</summary>
internal static class DenseForward
{
    /// <param name="context">The call's.</param>
    /// <param name="weights">Packed.</param>
    /// <param name="x">First row of x.</param>
    /// <param name="u">First row of the second input, or a null reference.</param>
    /// <param name="y">First row of y; where the layer adds to its output, of what it is added to.</param>
    /// <param name="tokens">Rows, each directly behind the last.</param>
    public static void Run<TKernel, T>(DenseContext<T> context, DenseWeights<T> weights, ref readonly T x, ref readonly T u, ref T y, int tokens)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged
    {
        DenseFrame<T> frame = Frame<TKernel, T>(weights, in x, in u);
        frame.Output = ref y;
        frame.OutputStride = TKernel.Traits.Outputs;
        context.Run<TKernel>(DensePhase.Forward, frame, tokens, TKernel.Traits.Outputs);
    }

    /// <summary>A frame with the inputs and the packed weights in it.</summary>
    public static DenseFrame<T> Frame<TKernel, T>(DenseWeights<T> weights, ref readonly T x, ref readonly T u)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged
    {
        DenseTraits traits = TKernel.Traits;
        DenseFrame<T> frame = new()
        {
            Input = ref x,
            Gate = ref u,
            InputStride = traits.Inputs,
            GateStride = Unsafe.IsNullRef(in u) ? 0 : traits.Inputs,
            Weights = ref weights.Forward(0),
            Bias = ref weights.Bias(0),
        };
        if (traits.IsGated)
        {
            frame.SecondWeights = ref weights.Forward(1);
            frame.SecondBias = ref weights.Bias(1);
        }

        return frame;
    }
}
