using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// The work on one sequence and head: independent of every other, in memory of its own, so that any number of workers may share out a
/// call and get the same bits.
/// </summary>
internal static class HeadRun
{
    /// <summary>Causal, from a plain state or none: one sweep over a block in the workspace.</summary>
    public static void Causal<TKernel, T>(in AttentionCall<T> call, int sequence, int head, T slope, ref T block, ref T scratch, InstructionSet level, OutputMode mode)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        SequenceRange range = call.Range(sequence);
        LoadInitial(call, sequence, head, ref block, traits);
        if (range.Length > 0)
        {
            KernelFrame<T> frame = Frame(call, range, head, slope, ref block, ref scratch, mode);
            frame.Fold = !call.Options.FinalState.IsEmpty;
            TKernel.Sweep(level, ref frame);
        }

        StoreFinal(call, sequence, head, ref block, traits);
    }

    /// <summary>Causal, continuing a block that outlives the call: the unfinished chunk stays unfinished.</summary>
    public static void Continue<TKernel, T>(in AttentionCall<T> call, int sequence, int head, T slope, ref T block, int begin, ref T scratch, InstructionSet level, OutputMode mode)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        SequenceRange range = call.Range(sequence);
        if (range.Length == 0)
            return;
        KernelFrame<T> frame = Frame(call, range, head, slope, ref block, ref scratch, mode);
        frame.Begin = begin;
        TKernel.Sweep(level, ref frame);
    }

    /// <summary>Not causal: all keys into the block, then all queries from it.</summary>
    public static void NonCausal<TKernel, T>(in AttentionCall<T> call, int sequence, int head, T slope, ref T block, ref T scratch, InstructionSet level, OutputMode mode)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        SequenceRange range = call.Range(sequence);
        LoadInitial(call, sequence, head, ref block, traits);
        KernelFrame<T> frame = Frame(call, range, head, slope, ref block, ref scratch, mode);
        if (range.KeyLength > 0)
        {
            frame.Length = range.KeyLength;
            frame.Fold = true;
            TKernel.Sweep(level, ref frame);
        }

        if (range.Length > 0)
        {
            frame.Length = range.Length;
            frame.Fold = false;
            TKernel.Read(level, ref frame);
        }

        StoreFinal(call, sequence, head, ref block, traits);
    }

    /// <summary>Goes past key tokens, whose elements have <paramref name="elementBytes"/> bytes.</summary>
    public static void SkipKeys<T>(scoped ref KernelFrame<T> frame, int tokens, int elementBytes)
        where T : unmanaged
    {
        frame.K = ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in frame.K), tokens * frame.KStride * elementBytes);
        frame.V = ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in frame.V), tokens * frame.VStride * elementBytes);
        if (!Unsafe.IsNullRef(in frame.KeyMask))
            frame.KeyMask = ref Unsafe.Add(ref Unsafe.AsRef(in frame.KeyMask), tokens);
        if (!Unsafe.IsNullRef(in frame.LogGates))
            frame.LogGates = ref Unsafe.Add(ref Unsafe.AsRef(in frame.LogGates), tokens * frame.LogGatesStride);
    }

    /// <summary>Goes past query tokens, whose elements have <paramref name="elementBytes"/> bytes.</summary>
    public static void SkipQueries<T>(scoped ref KernelFrame<T> frame, int tokens, int elementBytes)
        where T : unmanaged
    {
        frame.Q = ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in frame.Q), tokens * frame.QStride * elementBytes);
        frame.O = ref Unsafe.AddByteOffset(ref frame.O, tokens * frame.OStride * elementBytes);
    }

    public static KernelFrame<T> Frame<T>(in AttentionCall<T> call, SequenceRange range, int head, T slope, ref T block, ref T scratch, OutputMode mode)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly Geometry geometry = ref call.Geometry;
        int keyHead = head / geometry.Group;
        var frame = new KernelFrame<T>
        {
            Q = ref call.Tensors.Q.Row<T>(geometry.Query.Offset(range.Batch, head, range.Start)),
            K = ref call.Tensors.K.Row<T>(geometry.Key.Offset(range.Batch, keyHead, range.KeyStart)),
            V = ref call.Tensors.V.Row<T>(geometry.Value.Offset(range.Batch, keyHead, range.KeyStart)),
            O = ref call.Tensors.O.Row<T>(geometry.Output.Offset(range.Batch, head, range.Start)),
            State = ref block,
            Scratch = ref scratch,
            QStride = geometry.Query.Token,
            KStride = geometry.Key.Token,
            VStride = geometry.Value.Token,
            OStride = geometry.Output.Token,
            Length = range.Length,
            Slope = slope,
            Output = mode,
            Prefetches = geometry.IsLarge,
        };
        if (!call.Options.KeyMask.IsEmpty)
            frame.KeyMask = ref Unsafe.Add(ref MemoryMarshal.GetReference(call.Options.KeyMask), ((nint)range.Batch * geometry.KeyLength) + range.KeyStart);
        SetGates(ref frame, call.Options.LogGates, geometry, range, head);
        if (call.Options.Projection is { } projection)
            frame.Projection = ref projection.Block(head);
        if (call.Options.KeyProjection is { } keyProjection)
            frame.KeyProjection = ref keyProjection.Block(head);
        return frame;
    }

    /// <summary>Says where a head's gates are, if there are any.</summary>
    public static void SetGates<T>(scoped ref KernelFrame<T> frame, ReadOnlySpan<T> gates, in Geometry geometry, SequenceRange range, int head)
        where T : unmanaged
    {
        if (gates.IsEmpty)
            return;
        frame.LogGates = ref Unsafe.Add(ref MemoryMarshal.GetReference(gates), geometry.Gate.Offset(range.Batch, head, range.Start));
        frame.LogGatesStride = geometry.Gate.Token;
    }

    public static void LoadInitial<T>(in AttentionCall<T> call, int sequence, int head, ref T block, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (call.Options.InitialState.IsEmpty)
        {
            StateBlock.Clear(ref block, traits.State);
            return;
        }

        int index = (sequence * call.Geometry.Heads) + head;
        StateBlock.Load(ref block, traits, PlainStates.State(call.Options.InitialState, index, traits), PlainStates.Normalizer(call.Options.InitialNormalizer, index, traits));
    }

    public static void StoreFinal<T>(in AttentionCall<T> call, int sequence, int head, ref T block, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (call.Options.FinalState.IsEmpty)
            return;
        int index = (sequence * call.Geometry.Heads) + head;
        StateBlock.Store(ref block, traits, PlainStates.State(call.Options.FinalState, index, traits), PlainStates.Normalizer(call.Options.FinalNormalizer, index, traits));
    }
}
