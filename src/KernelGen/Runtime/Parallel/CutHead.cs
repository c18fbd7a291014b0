using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>
/// One sequence and head, cut along the sequence. An unfinished chunk at either end is the sweep's, on the caller's thread; the whole
/// chunks between are shared out.
/// </summary>
internal static class CutHead
{
    public static void Run<TKernel, T>(scoped in CallContext<T> context, int sequence, int head, WorkerTeam team, CancellationToken token)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly AttentionCall<T> call = ref context.Call;
        KernelTraits traits = TKernel.Traits;
        SequenceRange range = call.Range(sequence);
        bool continues = context.State is not null;
        ref T block = ref context.State is { } state ? ref state.Block(sequence, head) : ref context.HeadBlock;
        if (!continues)
            HeadRun.LoadInitial(call, sequence, head, ref block, traits);
        KernelFrame<T> frame = HeadRun.Frame(call, range, head, context.Slope(head), ref block, ref context.Scratch(0), context.Output);
        frame.Begin = context.State?.Begin(sequence) ?? 0;
        frame.Length = range.KeyLength;
        frame.Fold = !continues && (!traits.Causal || !call.Options.FinalState.IsEmpty);
        Sweep<TKernel, T>(context, ref frame, team, token);
        if (!traits.Causal && range.Length > 0)
        {
            KernelFrame<T> queries = HeadRun.Frame(call, range, head, context.Slope(head), ref block, ref context.Scratch(0), context.Output);
            var read = new ReadWork<TKernel, T>(context, queries);
            team.Run(read, context.Partition.Degree, token);
        }

        if (!continues)
            HeadRun.StoreFinal(call, sequence, head, ref block, traits);
    }

    /// <summary>What one call of the sweep would do.</summary>
    private static void Sweep<TKernel, T>(scoped in CallContext<T> context, scoped ref KernelFrame<T> frame, WorkerTeam team, CancellationToken token)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        if (traits.Window is null || !context.Partition.Cuts(frame.Length))
        {
            Piece<TKernel, T>(context, ref frame, frame.Length, frame.Fold);
            return;
        }

        bool folds = frame.Fold;
        int all = frame.Length;
        int first = frame.Begin == 0 ? 0 : traits.ChunkSize - frame.Begin;
        Piece<TKernel, T>(context, ref frame, first, fold: false);
        frame.Begin = 0;

        int whole = (all - first) / traits.ChunkSize * traits.ChunkSize;
        RelayPlan plan = RelayPlan.For(traits.ChunkSize, traits.Window, System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), whole);
        frame.Length = whole;
        var work = new RelayWork<TKernel, T>(context, frame, plan);
        team.Run(work, context.Partition.Degree, token);

        Skip<TKernel, T>(context, ref frame, whole);
        Piece<TKernel, T>(context, ref frame, all - first - whole, folds);
        context.Fence();
    }

    /// <summary>Sweeps the next tokens, and goes past them.</summary>
    private static void Piece<TKernel, T>(scoped in CallContext<T> context, scoped ref KernelFrame<T> frame, int tokens, bool fold)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (tokens == 0)
            return;
        frame.Length = tokens;
        frame.Fold = fold;
        TKernel.Sweep(context.Level, ref frame);
        Skip<TKernel, T>(context, ref frame, tokens);
    }

    private static void Skip<TKernel, T>(scoped in CallContext<T> context, scoped ref KernelFrame<T> frame, int tokens)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        HeadRun.SkipKeys(ref frame, tokens, context.Call.Tensors.ElementBytes);
        if (TKernel.Traits.Causal)
            HeadRun.SkipQueries(ref frame, tokens, context.Call.Tensors.ElementBytes);
    }
}
