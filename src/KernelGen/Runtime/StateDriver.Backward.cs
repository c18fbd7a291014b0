using System.Numerics;
using System.Numerics.Tensors;

namespace KernelGen.Runtime;

/// <content>Gradients.</content>
public static partial class StateDriver
{
    /// <summary>Gradients of the inputs of a forward call, whose q, k, v, shape and options these are, from those of its outputs.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="TElement">Element type of the tensors: <typeparamref name="T"/>, or the 16-bit format that the declaration stores.</typeparam>
    /// <typeparam name="T">Element type of states and arithmetic.</typeparam>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="dO">Gradient of the outputs.</param>
    /// <param name="dq">Gradient of q, written.</param>
    /// <param name="dk">Gradient of k, written; where query heads share a key head, the sum over them in order.</param>
    /// <param name="dv">Gradient of v, written like dk.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="ArgumentException">An argument is not what the shape, the declaration or another argument asks for.</exception>
    /// <exception cref="InvalidOperationException">The declaration was compiled without a backward pass, or another call is using the workspace.</exception>
    public static unsafe void Backward<TKernel, TElement, T>(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, ReadOnlySpan<TElement> dO, Span<TElement> dq, Span<TElement> dk, Span<TElement> dv, in AttentionShape shape, in BackwardOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where TElement : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        traits.RequireBackward();
        var call = BackwardCall<T>.Of(BackwardTensors.Of(q, k, v, dO, dq, dk, dv), shape, options, traits);
        options.CancellationToken.ThrowIfCancellationRequested();
        InstructionSet level = InstructionSetSupport.Choose(traits.InstructionSets, options.Cap);
        int heads = call.Geometry.Heads;
        var plan = BackwardPlan.For(traits, sizeof(T), call.Geometry, call.Sequences, call.LongestSequence, options.MaxDegreeOfParallelism, options.SharesSmallCalls, ProjectionSums.Elements(options, traits));
        using var lease = WorkspaceLease.Take(options.Workspace, plan.Bytes);
        ReadOnlySpan<T> slopes = Slopes(traits, options.Slopes, ref lease.At<T>(plan.Slopes), heads);
        fixed (TElement* queryGradient = dq, keyGradient = dk, valueGradient = dv)
        {
            BackwardModes modes = BackwardModes.Choose(queryGradient, dq.Length, keyGradient, dk.Length, valueGradient, dv.Length, call.Geometry, traits);
            var context = new BackwardContext<T>(call, plan, lease, slopes, level, modes);
            RunBackward<TKernel, T>(context, lease.Team, options.CancellationToken);

            // In order of the sequences, whoever computed them.
            ProjectionSums.Sum(context, traits);
            for (int h = 0; h < options.SlopeGradients.Length; h++)
            {
                double gradient = 0;
                for (int n = 0; n < call.Sequences; n++)
                    gradient += context.SlopeGradient(n, h);
                options.SlopeGradients[h] = T.CreateTruncating(gradient);
            }
        }
    }

    /// <summary>Everything that a call computes: sequences that are not cut first, then those that are, head after head.</summary>
    private static void RunBackward<TKernel, T>(scoped in BackwardContext<T> context, WorkerTeam team, CancellationToken token)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var pairs = new BackwardWork<TKernel, T>(context);
        team.Run(pairs, context.Plan.Partition.Degree, token);
        for (int n = 0; context.Plan.Partition.HasFewPairs && n < context.Call.Sequences; n++)
        {
            for (int h = 0; h < context.Call.Geometry.Heads && context.IsCut(n); h++)
            {
                token.ThrowIfCancellationRequested();
                CutBackward.Run<TKernel, T>(context, n, h, team, token);
            }
        }
    }

    /// <summary>As the overload with spans; the tensors say their own shape.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="TElement">Element type of the tensors: <typeparamref name="T"/>, or the 16-bit format that the declaration stores.</typeparam>
    /// <typeparam name="T">Element type of states and arithmetic.</typeparam>
    /// <param name="q">[B, T, H, D], or [B, H, T, D] with heads first.</param>
    /// <param name="k">[B, S, G, D].</param>
    /// <param name="v">[B, S, G, E].</param>
    /// <param name="dO">[B, T, H, E].</param>
    /// <param name="dq">As q, written.</param>
    /// <param name="dk">As k, written.</param>
    /// <param name="dv">As v, written.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="layout">Order of tokens and heads.</param>
    /// <exception cref="ArgumentException">An argument is not what the declaration or another argument asks for, or a tensor is not dense.</exception>
    /// <exception cref="InvalidOperationException">The declaration was compiled without a backward pass, or another call is using the workspace.</exception>
    public static void Backward<TKernel, TElement, T>(in ReadOnlyTensorSpan<TElement> q, in ReadOnlyTensorSpan<TElement> k, in ReadOnlyTensorSpan<TElement> v, in ReadOnlyTensorSpan<TElement> dO, in TensorSpan<TElement> dq, in TensorSpan<TElement> dk, in TensorSpan<TElement> dv, in BackwardOptions<T> options, TensorLayout layout)
        where TKernel : struct, IStateKernel<T>
        where TElement : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        AttentionShape shape = TensorShapes.OfBackward(q, k, v, dO, dq, dk, dv, layout, traits.HeadDim, traits.ValueDim);
        Backward<TKernel, TElement, T>(
            TensorShapes.Elements(q),
            TensorShapes.Elements(k),
            TensorShapes.Elements(v),
            TensorShapes.Elements(dO),
            TensorShapes.Elements(dq),
            TensorShapes.Elements(dk),
            TensorShapes.Elements(dv),
            shape,
            options);
    }
}
