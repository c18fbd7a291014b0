using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>
/// The backward work on one sequence and query head, cut along the sequence, phase by phase. A phase's unfinished chunk, always the last of the sequence, is
/// the sweep's, on the caller's thread; the whole chunks before it are shared out.
/// </summary>
internal static class CutBackward
{
    public static void Run<TKernel, T>(scoped in BackwardContext<T> context, int sequence, int head, WorkerTeam team, CancellationToken token)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        SequenceRange range = context.Call.Range(sequence);
        KernelFrame<T> frame = HeadBackward.Begin(context, sequence, head, ref context.HeadBlock, ref context.Scratch(0), traits);
        frame.Tokens = ref context.HeadTokens;
        frame.TokenStride = (nint)context.Plan.HeadTokenStride;
        GroupSums.Redirect(context, ref frame, traits);
        for (int phase = 0; phase < traits.Backward!.Phases.Count; phase++)
        {
            BackwardTokens over = traits.Backward.Phases[phase].Tokens;
            KernelFrame<T> tokens = frame;
            tokens.Length = range.Count(over);
            if (tokens.Length == 0)
                continue;
            tokens.Output = context.Modes.Of(over, HeadBackward.IsFirstOfGroup(context, head));
            Phase<TKernel, T>(context, phase, ref tokens, team, token);
        }

        HeadBackward.End(context, sequence, head, ref frame, traits);
    }

    private static void Phase<TKernel, T>(scoped in BackwardContext<T> context, int phase, scoped ref KernelFrame<T> frame, WorkerTeam team, CancellationToken token)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        BackwardPhase facts = traits.Backward!.Phases[phase];
        if (!context.Plan.Partition.Cuts(frame.Length) || (facts.Folds && facts.Window is null))
        {
            TKernel.Backward(context.Level, phase, PhasePart.Sweep, ref frame);
            context.Fence();
            return;
        }

        int all = frame.Length, whole = all / traits.ChunkSize * traits.ChunkSize;
        KernelFrame<T> tail = frame;
        HeadBackward.Skip(context, ref tail, whole, facts.Tokens, traits.Causal);
        tail.Length = all - whole;
        if (facts.IsReversed && tail.Length > 0)
            TKernel.Backward(context.Level, phase, PhasePart.Sweep, ref tail);

        frame.Length = whole;
        if (facts.Window is null)
        {
            var runs = new BackwardRuns<TKernel, T>(context, frame, phase);
            team.Run(runs, context.Plan.Partition.Degree, token);
        }
        else
        {
            RelayPlan plan = RelayPlan.For(traits.ChunkSize, facts.Window, Unsafe.SizeOf<T>(), whole);
            var relay = new BackwardRelay<TKernel, T>(context, frame, phase, plan);
            team.Run(relay, context.Plan.Partition.Degree, token);
        }

        if (!facts.IsReversed && tail.Length > 0)
            TKernel.Backward(context.Level, phase, PhasePart.Sweep, ref tail);
        context.Fence();
    }
}
