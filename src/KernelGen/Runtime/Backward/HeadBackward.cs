using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// The backward work on one sequence and query head. The heads of a group share the rows of dk and dv and must run in order; everything else is
/// independent of every other sequence and head.
/// </summary>
internal static class HeadBackward
{
    /// <summary>Runs the phases; the block holds the initial state's gradient afterwards, and the call's outputs have it where they ask for it.</summary>
    /// <returns>dL/dslope of this sequence and head; 0 where the call does not ask for it.</returns>
    public static double Run<TKernel, T>(in BackwardCall<T> call, int sequence, int head, T slope, ref T block, ref T scratch, ref T tokens, nint tokenStride, InstructionSet level, BackwardModes modes)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        BackwardTraits backward = traits.Backward!;
        SequenceRange range = call.Range(sequence);
        int index = (sequence * call.Geometry.Heads) + head;
        ReadOnlySpan<T> state = call.Options.InitialState.IsEmpty ? default : PlainStates.State(call.Options.InitialState, index, traits);
        ReadOnlySpan<T> normalizer = call.Options.InitialNormalizer.IsEmpty ? default : PlainStates.Normalizer(call.Options.InitialNormalizer, index, traits);
        LoadBlock(call, index, state, normalizer, ref block, traits);

        KernelFrame<T> frame = Frame(call, range, head, slope, ref block, ref scratch);
        frame.Tokens = ref tokens;
        frame.TokenStride = tokenStride;
        bool isSummed = modes.Keys == OutputMode.Keep;
        if (isSummed)
            GroupSums.Redirect(ref frame, traits);
        bool isFirstOfGroup = head % call.Geometry.Group == 0;
        for (int phase = 0; phase < backward.Phases.Count; phase++)
        {
            BackwardTokens over = backward.Phases[phase];
            frame.Length = over == BackwardTokens.Queries ? range.Length : range.KeyLength;
            if (frame.Length == 0)
                continue;
            frame.Output = modes.Of(over, isFirstOfGroup);
            TKernel.Backward(level, phase, ref frame);
        }

        if (isSummed && (head + 1) % call.Geometry.Group == 0)
            GroupSums.Round(call, range, head / call.Geometry.Group, ref frame, traits);
        if (!call.Options.InitialStateGradient.IsEmpty)
            BackwardBlock.Store(ref block, traits, backward, PlainStates.State(call.Options.InitialStateGradient, index, traits), PlainStates.Normalizer(call.Options.InitialNormalizerGradient, index, traits));
        if (call.Options.SlopeGradients.IsEmpty)
            return 0;
        double initial = SlopeFlow.Initial(ref block, traits, backward, state, normalizer);
        return SlopeFlow.Gradient(initial, ref Unsafe.Add(ref tokens, backward.QueryFlow * tokenStride), ref Unsafe.Add(ref tokens, backward.KeyFlow * tokenStride), range.Length);
    }

    private static void LoadBlock<T>(in BackwardCall<T> call, int index, ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer, ref T block, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> stateGradient = call.Options.FinalStateGradient.IsEmpty ? default : PlainStates.State(call.Options.FinalStateGradient, index, traits);
        ReadOnlySpan<T> normalizerGradient = call.Options.FinalNormalizerGradient.IsEmpty ? default : PlainStates.Normalizer(call.Options.FinalNormalizerGradient, index, traits);
        BackwardBlock.Load(ref block, traits, traits.Backward!, state, normalizer, stateGradient, normalizerGradient);
    }

    private static KernelFrame<T> Frame<T>(in BackwardCall<T> call, SequenceRange range, int head, T slope, ref T block, ref T scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly Geometry geometry = ref call.Geometry;
        int keyHead = head / geometry.Group;
        nint query = geometry.Query.Offset(range.Batch, head, range.Start);
        nint key = geometry.Key.Offset(range.Batch, keyHead, range.KeyStart);
        nint value = geometry.Value.Offset(range.Batch, keyHead, range.KeyStart);
        var frame = new KernelFrame<T>
        {
            Q = ref call.Tensors.Q.Row<T>(query),
            K = ref call.Tensors.K.Row<T>(key),
            V = ref call.Tensors.V.Row<T>(value),
            OutputGradient = ref call.Tensors.OutputGradient.Row<T>(geometry.Output.Offset(range.Batch, head, range.Start)),
            QueryGradient = ref call.Tensors.QueryGradient.Row<T>(query),
            KeyGradient = ref call.Tensors.KeyGradient.Row<T>(key),
            ValueGradient = ref call.Tensors.ValueGradient.Row<T>(value),
            State = ref block,
            Scratch = ref scratch,
            QStride = geometry.Query.Token,
            KStride = geometry.Key.Token,
            VStride = geometry.Value.Token,
            OutputGradientStride = geometry.Output.Token,
            QueryGradientStride = geometry.Query.Token,
            KeyGradientStride = geometry.Key.Token,
            ValueGradientStride = geometry.Value.Token,
            Slope = slope,
        };
        if (!call.Options.KeyMask.IsEmpty)
            frame.KeyMask = ref Unsafe.Add(ref MemoryMarshal.GetReference(call.Options.KeyMask), ((nint)range.Batch * geometry.KeyLength) + range.KeyStart);
        return frame;
    }
}
