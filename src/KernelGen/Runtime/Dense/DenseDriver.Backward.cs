using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <content>Gradients.</content>
public static partial class DenseDriver
{
    /// <summary>Tokens that intermediate gradients are kept of: a few chunks, so that the workspace does not grow with the sequence.</summary>
    private const int WindowChunks = 4;

    /// <summary>Gradients of x, W and b; an empty span where one is not wanted.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="x">Inputs of the forward call, [tokens, inputs].</param>
    /// <param name="weights">Packed by the same layer, for training.</param>
    /// <param name="dy">Gradient of the outputs, [tokens, outputs].</param>
    /// <param name="dx">Gradient of x, written, or empty.</param>
    /// <param name="dW">Gradient of W, in W's layout, written, or empty.</param>
    /// <param name="db">Gradient of b, written, or empty.</param>
    /// <param name="tokens">Rows.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="ArgumentException">An argument is not what the layer or another argument asks for.</exception>
    public static void Backward<TKernel, T>(ReadOnlySpan<T> x, DenseWeights<T> weights, ReadOnlySpan<T> dy, Span<T> dx, Span<T> dW, Span<T> db, int tokens, in DenseOptions options)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DenseTraits traits = TKernel.Traits;
        Check(traits, x, weights, dy, dx, dW, db, tokens, options);
        options.CancellationToken.ThrowIfCancellationRequested();
        dx.Clear();
        dW.Clear();
        db.Clear();
        if (tokens == 0)
            return;

        int window = Math.Min(tokens, WindowChunks * traits.TokenChunk);
        int degree = DenseContext<T>.Degree(options, 4L * tokens * traits.WeightRows * traits.Inputs), scratch = DenseContext<T>.ScratchLength(traits.ScratchLength);
        BackwardRoom room = new(traits, (long)degree * scratch, window);
        using var lease = WorkspaceLease.Take(options.Workspace, room.Elements * Unsafe.SizeOf<T>());
        ref T memory = ref lease.At<T>(0);
        DenseContext<T> context = new(InstructionSetSupport.Choose(traits.InstructionSets, options.Cap), lease.Team, degree, ref memory, scratch, options.CancellationToken);
        for (int t = 0; t < tokens; t += window)
        {
            int count = Math.Min(window, tokens - t);
            Window<TKernel, T>(
                context, weights, room, ref memory, x.Slice(t * traits.Inputs, count * traits.Inputs), dy.Slice(t * traits.Outputs, count * traits.Outputs),
                dx.IsEmpty ? dx : dx.Slice(t * traits.Inputs, count * traits.Inputs), dW, db, count);
        }
    }

    private static void Window<TKernel, T>(
        DenseContext<T> context, DenseWeights<T> weights, BackwardRoom room, ref T memory, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, Span<T> dW, Span<T> db, int tokens)
        where TKernel : struct, IDenseKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DenseTraits traits = TKernel.Traits;
        ref readonly T input = ref MemoryMarshal.GetReference(x);
        scoped ref readonly T dz = ref MemoryMarshal.GetReference(dy);
        scoped ref readonly T h = ref input;
        if (!traits.IsLinear)
        {
            ref T slopes = ref Unsafe.Add(ref memory, (nint)room.Slopes);
            scoped DenseFrame<T> frame = DenseForward.Frame<TKernel, T>(weights, in input, in Unsafe.NullRef<T>());
            frame.Upstream = ref MemoryMarshal.GetReference(dy);
            frame.UpstreamStride = traits.Outputs;
            frame.Output = ref slopes;
            frame.SecondOutput = ref Unsafe.Add(ref slopes, traits.Outputs);
            frame.OutputStride = frame.SecondOutputStride = traits.WeightRows;
            context.Run<TKernel>(DensePhase.Slopes, frame, tokens, traits.Outputs);
            dz = ref slopes;
        }

        if (!dx.IsEmpty && !traits.PreparesInput)
            DenseBackward.Inputs<TKernel, T>(context, weights, in dz, ref MemoryMarshal.GetReference(dx), tokens);
        if (traits.PreparesInput)
        {
            ref T prepared = ref Unsafe.Add(ref memory, (nint)room.Inputs);
            DenseFrame<T> frame = new() { Input = ref input, InputStride = traits.Inputs, Output = ref prepared, OutputStride = traits.Inputs };
            if (!dx.IsEmpty)
            {
                MemoryMarshal.CreateSpan(ref prepared, tokens * traits.Inputs).Clear();
                DenseBackward.Inputs<TKernel, T>(context, weights, in dz, ref prepared, tokens);
                DenseFrame<T> back = frame;
                back.Upstream = ref prepared;
                back.UpstreamStride = traits.Inputs;
                back.Output = ref MemoryMarshal.GetReference(dx);
                context.Run<TKernel>(DensePhase.InputBackward, back, tokens);
            }

            context.Run<TKernel>(DensePhase.Inputs, frame, tokens);
            h = ref prepared;
        }

        DenseBackward.Weights<TKernel, T>(context, in dz, in h, tokens, dW, db, ref Unsafe.Add(ref memory, (nint)room.Packed));
    }

    private static void Check<T>(
        DenseTraits traits, ReadOnlySpan<T> x, DenseWeights<T> weights, ReadOnlySpan<T> dy, Span<T> dx, Span<T> dW, Span<T> db, int tokens, in DenseOptions options)
        where T : unmanaged
    {
        DenseChecks.Packed(traits, weights, forTraining: true);
        DenseChecks.Tokens(tokens);
        DenseChecks.Rows(nameof(x), x.Length, tokens, "inputs", traits.Inputs);
        DenseChecks.Rows(nameof(dy), dy.Length, tokens, "outputs", traits.Outputs);
        if (!dx.IsEmpty)
            DenseChecks.Rows(nameof(dx), dx.Length, tokens, "inputs", traits.Inputs);
        if (!dW.IsEmpty)
            DenseChecks.Weights(traits, dW.Length, nameof(dW), traits.HasBias ? traits.WeightRows : 0, nameof(db));
        if (!db.IsEmpty)
            DenseChecks.Weights(traits, traits.WeightRows * traits.Inputs, nameof(dW), db.Length, nameof(db));
        DenseChecks.Apart(dx, nameof(dx), x, nameof(x));
        DenseChecks.Apart(dx, nameof(dx), dy, nameof(dy));
        DenseChecks.Apart(dx, nameof(dx), dW, nameof(dW));
        DenseChecks.Apart(dx, nameof(dx), db, nameof(db));
        DenseChecks.Apart(dW, nameof(dW), x, nameof(x));
        DenseChecks.Apart(dW, nameof(dW), dy, nameof(dy));
        DenseChecks.Apart(dW, nameof(dW), db, nameof(db));
        DenseChecks.Apart(db, nameof(db), x, nameof(x));
        DenseChecks.Apart(db, nameof(db), dy, nameof(dy));
        DenseChecks.Options(options);
    }

    /// <summary>What a backward call keeps behind the workers' scratch, in elements.</summary>
    private readonly struct BackwardRoom(DenseTraits traits, long scratch, int window)
    {
        private const int Line = AlignedBuffer<byte>.Alignment;

        /// <summary>dz of a window.</summary>
        public long Slopes { get; } = scratch;

        /// <summary>h of a window, and dh before it.</summary>
        public long Inputs { get; } = scratch + (traits.IsLinear ? 0 : Whole((long)window * traits.WeightRows));

        /// <summary>What the weights' gradient packs.</summary>
        public long Packed { get; } = scratch + (traits.IsLinear ? 0 : Whole((long)window * traits.WeightRows)) + (traits.PreparesInput ? Whole((long)window * traits.Inputs) : 0);

        public long Elements => Packed + DenseBackward.Room(traits);

        private static long Whole(long elements) => (elements + Line - 1) & -(long)Line;
    }
}
