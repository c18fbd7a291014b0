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
    /// <summary>Runs the phases in a worker's memory, over a sequence that is not cut.</summary>
    public static void Run<TKernel, T>(scoped in BackwardContext<T> context, int sequence, int head, int worker)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        BackwardTraits backward = TKernel.Traits.Backward!;
        SequenceRange range = context.Call.Range(sequence);
        KernelFrame<T> frame = Begin(context, sequence, head, ref context.Block(worker), ref context.Scratch(worker), TKernel.Traits);
        frame.Tokens = ref context.Tokens(worker);
        frame.TokenStride = (nint)context.Plan.TokenStride;
        GroupSums.Redirect(context, ref frame, TKernel.Traits);
        for (int phase = 0; phase < backward.Phases.Count; phase++)
        {
            BackwardTokens over = backward.Phases[phase].Tokens;
            frame.Length = range.Count(over);
            if (frame.Length == 0)
                continue;
            frame.Output = context.Modes.Of(over, IsFirstOfGroup(context, head));
            TKernel.Backward(context.Level, phase, PhasePart.Sweep, ref frame);
        }

        End(context, sequence, head, ref frame, TKernel.Traits);
    }

    /// <summary>Whether no other query head has written the rows of dk and dv before.</summary>
    public static bool IsFirstOfGroup<T>(scoped in BackwardContext<T> context, int head)
        where T : unmanaged, IFloatingPointIeee754<T> => head % context.Call.Geometry.Group == 0;

    /// <summary>Fills the block as phases find it, and says where everything lies but what they leave for one another.</summary>
    public static KernelFrame<T> Begin<T>(scoped in BackwardContext<T> context, int sequence, int head, ref T block, ref T scratch, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly BackwardCall<T> call = ref context.Call;
        int index = (sequence * call.Geometry.Heads) + head;
        LoadBlock(call, index, Initial(call, index, traits), InitialNormalizer(call, index, traits), ref block, traits);
        return Frame(call, call.Range(sequence), head, context.Slope(head), ref block, ref scratch);
    }

    /// <summary>After the last phase: sums that a group of heads has completed, and the gradients of the initial state and of the decay, where the call asks for them.</summary>
    public static void End<T>(scoped in BackwardContext<T> context, int sequence, int head, scoped ref KernelFrame<T> frame, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly BackwardCall<T> call = ref context.Call;
        BackwardTraits backward = traits.Backward!;
        int index = (sequence * call.Geometry.Heads) + head;
        GroupSums.Round(context, sequence, head, ref frame, traits);
        if (!call.Options.InitialStateGradient.IsEmpty)
            BackwardBlock.Store(ref frame.State, traits, backward, PlainStates.State(call.Options.InitialStateGradient, index, traits), PlainStates.Normalizer(call.Options.InitialNormalizerGradient, index, traits));
        ProjectionSums.Store(context, sequence, head, ref frame.State, traits);
        if (call.Options.SlopeGradients.IsEmpty && call.Options.LogGateGradients.IsEmpty)
            return;
        SequenceRange range = call.Range(sequence);
        double initial = DecayFlow.Initial(ref frame.State, traits, backward, Initial(call, index, traits), InitialNormalizer(call, index, traits));
        ref T queryFlow = ref Unsafe.Add(ref frame.Tokens, backward.QueryFlow * frame.TokenStride);
        ref T keyFlow = ref Unsafe.Add(ref frame.Tokens, backward.KeyFlow * frame.TokenStride);
        if (!call.Options.SlopeGradients.IsEmpty)
            context.SlopeGradient(sequence, head) = DecayFlow.SlopeGradient(initial, ref queryFlow, ref keyFlow, range.Length);
        if (range.Length == 0 || call.Options.LogGateGradients.IsEmpty)
            return;
        nint offset = call.Geometry.Gate.Offset(range.Batch, head, range.Start);
        ref T gates = ref Unsafe.Add(ref MemoryMarshal.GetReference(call.Options.LogGates), offset);
        ref T gradients = ref Unsafe.Add(ref MemoryMarshal.GetReference(call.Options.LogGateGradients), offset);
        DecayFlow.GateGradients(initial, ref queryFlow, ref keyFlow, range.Length, ref gates, ref gradients, call.Geometry.Gate.Token, traits.Decay == Decay.Convex);
    }

    /// <summary>Goes past tokens: of the kind that a phase runs over, or of both where they are the same.</summary>
    public static void Skip<T>(scoped in BackwardContext<T> context, scoped ref KernelFrame<T> frame, int tokens, BackwardTokens over, bool causal)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int bytes = context.Call.Tensors.ElementBytes, sums = context.Modes.Keys == OutputMode.Keep ? Unsafe.SizeOf<T>() : bytes;
        frame.FirstToken += tokens;
        if (causal || over == BackwardTokens.Queries)
        {
            frame.Q = ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in frame.Q), tokens * frame.QStride * bytes);
            frame.OutputGradient = ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in frame.OutputGradient), tokens * frame.OutputGradientStride * bytes);
            frame.QueryGradient = ref Unsafe.AddByteOffset(ref frame.QueryGradient, tokens * frame.QueryGradientStride * bytes);
        }

        if (causal || over != BackwardTokens.Queries)
        {
            HeadRun.SkipKeys(ref frame, tokens, bytes);
            frame.KeyGradient = ref Unsafe.AddByteOffset(ref frame.KeyGradient, tokens * frame.KeyGradientStride * sums);
            frame.ValueGradient = ref Unsafe.AddByteOffset(ref frame.ValueGradient, tokens * frame.ValueGradientStride * sums);
        }
    }

    private static ReadOnlySpan<T> Initial<T>(scoped in BackwardCall<T> call, int index, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T> => call.Options.InitialState.IsEmpty ? default : PlainStates.State(call.Options.InitialState, index, traits);

    private static ReadOnlySpan<T> InitialNormalizer<T>(scoped in BackwardCall<T> call, int index, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T> => call.Options.InitialNormalizer.IsEmpty ? default : PlainStates.Normalizer(call.Options.InitialNormalizer, index, traits);

    private static void LoadBlock<T>(scoped in BackwardCall<T> call, int index, ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer, ref T block, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> stateGradient = call.Options.FinalStateGradient.IsEmpty ? default : PlainStates.State(call.Options.FinalStateGradient, index, traits);
        ReadOnlySpan<T> normalizerGradient = call.Options.FinalNormalizerGradient.IsEmpty ? default : PlainStates.Normalizer(call.Options.FinalNormalizerGradient, index, traits);
        BackwardBlock.Load(ref block, traits, traits.Backward!, state, normalizer, stateGradient, normalizerGradient);
    }

    private static KernelFrame<T> Frame<T>(scoped in BackwardCall<T> call, SequenceRange range, int head, T slope, ref T block, ref T scratch)
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
            Prefetches = geometry.IsLarge,
        };
        if (!call.Options.KeyMask.IsEmpty)
            frame.KeyMask = ref Unsafe.Add(ref MemoryMarshal.GetReference(call.Options.KeyMask), ((nint)range.Batch * geometry.KeyLength) + range.KeyStart);
        HeadRun.SetGates(ref frame, call.Options.LogGates, geometry, range, head);
        if (call.Options.Projection is { } projection)
            frame.Projection = ref projection.Block(head);
        if (call.Options.KeyProjection is { } keyProjection)
            frame.KeyProjection = ref keyProjection.Block(head);
        return frame;
    }
}
