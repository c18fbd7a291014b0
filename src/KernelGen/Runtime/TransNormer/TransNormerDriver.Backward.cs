using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <content>Gradients.</content>
public static partial class TransNormerDriver<TAttention, TProjection, TOutput, TGlu, TDown, T>
{
    /// <summary>Gradients of x and of all weights, from those of y.</summary>
    /// <param name="traits">The block.</param>
    /// <param name="x">Of the forward call, [B, T, E].</param>
    /// <param name="weights">Packed by the block, for training.</param>
    /// <param name="activations">What the forward call left.</param>
    /// <param name="dy">Gradient of y, [B, T, E].</param>
    /// <param name="dx">Gradient of x, [B, T, E], written.</param>
    /// <param name="gradients">Gradients of the weights, written.</param>
    /// <param name="options">As in the forward call.</param>
    /// <exception cref="ArgumentException">An argument is not what the block or another argument asks for.</exception>
    public static void Backward(
        TransNormerTraits traits, ReadOnlySpan<T> x, TransNormerWeights<T> weights, TransNormerActivations<T> activations, ReadOnlySpan<T> dy, Span<T> dx, in TransNormerGradients<T> gradients,
        in TransNormerOptions<T> options)
    {
        ArgumentNullException.ThrowIfNull(activations);
        if (activations.Block != traits)
            ArgumentFault.Expected(nameof(activations), $"activations of a finished forward call of {traits.Name}", activations.Block is null ? "none" : $"those of {activations.Block.Name}");
        int batch = activations.Batch, length = activations.Length, tokens = batch * length;
        TransNormerChecks.Call(traits, weights, forTraining: true, batch, length, options);
        if (options.State is not null)
            ArgumentFault.Refused("options.State", "gradients are of whole sequences");
        TransNormerChecks.Rows(traits, nameof(x), x.Length, batch, length);
        TransNormerChecks.Rows(traits, nameof(dy), dy.Length, batch, length);
        TransNormerChecks.Rows(traits, nameof(dx), dx.Length, batch, length);
        TransNormerChecks.Gradients(traits, gradients);
        DenseChecks.Apart(dx, nameof(dx), x, nameof(x));
        DenseChecks.Apart(dx, nameof(dx), dy, nameof(dy));
        options.CancellationToken.ThrowIfCancellationRequested();
        Clear(gradients);
        if (tokens == 0)
            return;

        int degree = DenseContext<T>.Degree(options.Dense, 2 * tokens * traits.DenseFlopsPerToken), scratch = DenseContext<T>.ScratchLength(traits.ScratchLength);
        long behind = (long)degree * scratch;
        TransNormerBackwardRoom room = new(traits, tokens, behind);
        using var lease = WorkspaceLease.Take(options.Workspace, room.Elements * Unsafe.SizeOf<T>());
        ref T memory = ref lease.At<T>(0);
        DenseContext<T> context = new(InstructionSetSupport.Choose(traits.Projection.InstructionSets, options.Cap), lease.Team, degree, ref memory, scratch, options.CancellationToken);
        TransNormerLayout layout = new(traits, tokens);
        dy.CopyTo(dx);
        FromGlu(context, weights, layout, ref activations.First, room, ref memory, dy, dx, gradients, tokens);
        FromAttention(context, x, weights, activations, layout, room, ref memory, dx, gradients, options);
    }

    /// <summary>The second half: dx, which holds dy, becomes dm.</summary>
    private static void FromGlu(
        DenseContext<T> context, TransNormerWeights<T> weights, TransNormerLayout layout, ref T saved, TransNormerBackwardRoom room, ref T memory, ReadOnlySpan<T> dy, Span<T> dm,
        in TransNormerGradients<T> gradients, int tokens)
    {
        ref T gate = ref TransNormerLayout.At(ref saved, layout.Gate), up = ref TransNormerLayout.At(ref saved, layout.Up), middle = ref TransNormerLayout.At(ref saved, layout.Middle);
        ref T h = ref TransNormerLayout.At(ref memory, room.Inputs), dGate = ref TransNormerLayout.At(ref memory, room.First), dUp = ref TransNormerLayout.At(ref memory, room.Second);
        ref T packed = ref TransNormerLayout.At(ref memory, room.Packed);
        Prepare<TDown>(context, in gate, in up, ref h, tokens);
        DenseBackward.Weights<TDown, T>(context, in MemoryMarshal.GetReference(dy), in h, tokens, gradients.Down, gradients.DownBias, ref packed);
        Rows(ref memory, room.Inputs, tokens, weights.Traits.GluWidth).Clear();
        DenseBackward.Inputs<TDown, T>(context, weights.Down, in MemoryMarshal.GetReference(dy), ref h, tokens);
        InputBackward<TDown>(context, in gate, in up, in h, ref dGate, ref dUp, tokens);

        Prepare<TGlu>(context, in middle, in Unsafe.NullRef<T>(), ref h, tokens);
        DenseBackward.Weights<TGlu, T>(context, in dGate, in h, tokens, gradients.Gate, gradients.GateBias, ref packed);
        DenseBackward.Weights<TGlu, T>(context, in dUp, in h, tokens, gradients.Up, gradients.UpBias, ref packed);
        Rows(ref memory, room.Inputs, tokens, weights.Traits.Embed).Clear();
        DenseBackward.Inputs<TGlu, T>(context, weights.Gate, in dGate, ref h, tokens);
        DenseBackward.Inputs<TGlu, T>(context, weights.Up, in dUp, ref h, tokens);
        InputBackward<TGlu>(context, in middle, in Unsafe.NullRef<T>(), in h, ref MemoryMarshal.GetReference(dm), ref Unsafe.NullRef<T>(), tokens);
    }

    /// <summary>The first half: dx, which holds dm, becomes the gradient of x.</summary>
    private static void FromAttention(
        DenseContext<T> context, ReadOnlySpan<T> x, TransNormerWeights<T> weights, TransNormerActivations<T> activations, TransNormerLayout layout, TransNormerBackwardRoom room, ref T memory, Span<T> dx,
        in TransNormerGradients<T> gradients, in TransNormerOptions<T> options)
    {
        TransNormerTraits traits = weights.Traits;
        ref T saved = ref activations.First;
        int tokens = activations.Batch * activations.Length, hidden = traits.Hidden;
        ref T attention = ref TransNormerLayout.At(ref saved, layout.Attention), u = ref TransNormerLayout.At(ref saved, 3 * layout.HiddenStride);
        ref T h = ref TransNormerLayout.At(ref memory, room.Inputs), dAttention = ref TransNormerLayout.At(ref memory, room.Attention), packed = ref TransNormerLayout.At(ref memory, room.Packed);
        ref T dm = ref MemoryMarshal.GetReference(dx), du = ref TransNormerLayout.At(ref memory, room.Qkvu + (3 * layout.HiddenStride));
        Prepare<TOutput>(context, in attention, in u, ref h, tokens);
        DenseBackward.Weights<TOutput, T>(context, in dm, in h, tokens, gradients.Output, gradients.OutputBias, ref packed);
        Rows(ref memory, room.Inputs, tokens, hidden).Clear();
        DenseBackward.Inputs<TOutput, T>(context, weights.Output, in dm, ref h, tokens);
        InputBackward<TOutput>(context, in attention, in u, in h, ref dAttention, ref du, tokens);

        AttentionBackward(weights, activations, layout, room, ref memory, options);

        Prepare<TProjection>(context, in MemoryMarshal.GetReference(x), in Unsafe.NullRef<T>(), ref h, tokens);
        int size = hidden * traits.Embed;
        for (int i = 0; i < 4; i++)
        {
            Span<T> weight = gradients.Qkvu.IsEmpty ? default : gradients.Qkvu.Slice(i * size, size), bias = gradients.QkvuBias.IsEmpty ? default : gradients.QkvuBias.Slice(i * hidden, hidden);
            DenseBackward.Weights<TProjection, T>(context, in TransNormerLayout.At(ref memory, room.Qkvu + (i * layout.HiddenStride)), in h, tokens, weight, bias, ref packed);
        }

        Rows(ref memory, room.Inputs, tokens, traits.Embed).Clear();
        for (int i = 0; i < 4; i++)
            DenseBackward.Inputs<TProjection, T>(context, weights.Qkvu[i], in TransNormerLayout.At(ref memory, room.Qkvu + (i * layout.HiddenStride)), ref h, tokens);
        InputBackward<TProjection>(context, in MemoryMarshal.GetReference(x), in Unsafe.NullRef<T>(), in h, ref dm, ref Unsafe.NullRef<T>(), tokens);
    }

    private static void AttentionBackward(
        TransNormerWeights<T> weights, TransNormerActivations<T> activations, TransNormerLayout layout, TransNormerBackwardRoom room, ref T memory, in TransNormerOptions<T> options)
    {
        int hidden = weights.Traits.Hidden, tokens = activations.Batch * activations.Length;
        ref T saved = ref activations.First;
        BackwardOptions<T> attention = new()
        {
            KeyMask = options.KeyMask,
            Slopes = weights.Slopes,
            Cap = options.Cap,
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
            CancellationToken = options.CancellationToken,
            SharesSmallCalls = options.SharesSmallCalls,
        };
        StateDriver.Backward<TAttention, T, T>(
            Rows(ref saved, 0, tokens, hidden), Rows(ref saved, layout.HiddenStride, tokens, hidden), Rows(ref saved, 2 * layout.HiddenStride, tokens, hidden), Rows(ref memory, room.Attention, tokens, hidden),
            Rows(ref memory, room.Qkvu, tokens, hidden), Rows(ref memory, room.Qkvu + layout.HiddenStride, tokens, hidden), Rows(ref memory, room.Qkvu + (2 * layout.HiddenStride), tokens, hidden),
            new AttentionShape(activations.Batch, activations.Length, weights.Traits.Heads), attention);
    }

    /// <summary>h of a layer.</summary>
    private static void Prepare<TKernel>(DenseContext<T> context, ref readonly T x, ref readonly T u, ref T h, int tokens)
        where TKernel : struct, IDenseKernel<T>
    {
        int inputs = TKernel.Traits.Inputs;
        context.Run<TKernel>(DensePhase.Inputs, new() { Input = ref x, Gate = ref u, Output = ref h, InputStride = inputs, GateStride = Unsafe.IsNullRef(in u) ? 0 : inputs, OutputStride = inputs }, tokens);
    }

    /// <summary>From dh to the gradients of a layer's inputs.</summary>
    private static void InputBackward<TKernel>(DenseContext<T> context, ref readonly T x, ref readonly T u, ref readonly T dh, ref T dx, ref T du, int tokens)
        where TKernel : struct, IDenseKernel<T>
    {
        int inputs = TKernel.Traits.Inputs, gates = Unsafe.IsNullRef(in u) ? 0 : inputs;
        DenseFrame<T> frame = new()
        {
            Input = ref x,
            Gate = ref u,
            Upstream = ref dh,
            Output = ref dx,
            SecondOutput = ref du,
            InputStride = inputs,
            GateStride = gates,
            UpstreamStride = inputs,
            OutputStride = inputs,
            SecondOutputStride = gates,
        };
        context.Run<TKernel>(DensePhase.InputBackward, frame, tokens);
    }

    private static void Clear(in TransNormerGradients<T> gradients)
    {
        gradients.Qkvu.Clear();
        gradients.Output.Clear();
        gradients.Gate.Clear();
        gradients.Up.Clear();
        gradients.Down.Clear();
        gradients.QkvuBias.Clear();
        gradients.OutputBias.Clear();
        gradients.GateBias.Clear();
        gradients.UpBias.Clear();
        gradients.DownBias.Clear();
    }
}
