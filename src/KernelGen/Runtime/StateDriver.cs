using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// What the members of a generated class call: checks every argument, chooses the level once, and runs the kernels over sequences and
/// heads. Nothing is written before every check has passed, and nothing is allocated once a workspace has grown.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class StateDriver
{
    /// <summary>Attention over whole sequences, states (if any) as plain tensors.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="TElement">Element type of the tensors: <typeparamref name="T"/>, or the 16-bit format that the declaration stores.</typeparam>
    /// <typeparam name="T">Element type of states and arithmetic.</typeparam>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="o">Outputs, written.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="ArgumentException">An argument is not what the shape, the declaration or another argument asks for.</exception>
    public static unsafe void Forward<TKernel, TElement, T>(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o, in AttentionShape shape, in AttentionOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where TElement : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        var call = AttentionCall<T>.Plain(Tensors.Of(q, k, v, o), shape, options, traits);
        if (o.IsEmpty && options.FinalState.IsEmpty)
            return;

        options.CancellationToken.ThrowIfCancellationRequested();
        Partition partition = Partition.Of(call.Geometry, call.Sequences, options.MaxDegreeOfParallelism, traits, Unsafe.SizeOf<T>(), options.SharesSmallCalls);
        CallPlan plan = CallPlan.For(traits, Unsafe.SizeOf<T>(), call.Geometry, partition);
        using var lease = WorkspaceLease.Take(options.Workspace, plan.Bytes);
        ReadOnlySpan<T> slopes = Slopes(traits, options.Slopes, ref lease.At<T>(plan.Slopes), call.Geometry.Heads);
        fixed (TElement* output = o)
        {
            OutputMode mode = OutputStore.Choose(output, o.Length, traits.ValueDim);
            InstructionSet level = InstructionSetSupport.Choose(traits.InstructionSets, options.Cap);
            var context = new CallContext<T>(call, null, traits, partition, plan, lease, slopes, level, mode);
            Run<TKernel, T>(context, lease.Team, options.CancellationToken);
        }
    }

    /// <summary>Causal attention that continues each sequence of a state object, and advances it.</summary>
    /// <inheritdoc cref="Forward{TKernel, TElement, T}(ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, ReadOnlySpan{TElement}, Span{TElement}, in AttentionShape, in AttentionOptions{T})"/>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="o">Outputs, written.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="state">A state of the same variant, sequences and heads.</param>
    /// <param name="options">Everything else; plain states are refused.</param>
    public static unsafe void Forward<TKernel, TElement, T>(ReadOnlySpan<TElement> q, ReadOnlySpan<TElement> k, ReadOnlySpan<TElement> v, Span<TElement> o, in AttentionShape shape, AttentionState<T> state, in AttentionOptions<T> options)
        where TKernel : struct, IStateKernel<T>
        where TElement : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        KernelTraits traits = TKernel.Traits;
        ArgumentNullException.ThrowIfNull(state);
        state.Enter();
        try
        {
            var call = AttentionCall<T>.Stateful(Tensors.Of(q, k, v, o), shape, state, options, traits);
            options.CancellationToken.ThrowIfCancellationRequested();
            Partition partition = Partition.Of(call.Geometry, call.Sequences, options.MaxDegreeOfParallelism, traits, Unsafe.SizeOf<T>(), options.SharesSmallCalls);
            CallPlan plan = CallPlan.For(traits, Unsafe.SizeOf<T>(), call.Geometry, partition);
            var saved = SavedBlocks<T>.Plan(state, (long)call.Geometry.Batch * call.Geometry.Length, partition.IsSmall, plan.Bytes, options.CancellationToken);
            using var lease = WorkspaceLease.Take(options.Workspace, Math.Max(plan.Bytes, saved.End));
            ReadOnlySpan<T> slopes = traits.Decay == Decay.PerHead ? options.Slopes : state.RuleSlopes;
            fixed (TElement* output = o)
            {
                OutputMode mode = OutputStore.Choose(output, o.Length, traits.ValueDim);
                InstructionSet level = InstructionSetSupport.Choose(traits.InstructionSets, options.Cap);
                var context = new CallContext<T>(call, state, traits, partition, plan, lease, slopes, level, mode);
                saved.Save(lease);
                try
                {
                    Run<TKernel, T>(context, lease.Team, saved.Exists ? options.CancellationToken : CancellationToken.None);
                }
                catch
                {
                    saved.Restore(lease);
                    throw;
                }
            }

            // Last, so that a position never counts tokens whose outputs were not written.
            for (int n = 0; n < call.Sequences; n++)
                state.Advance(n, call.Range(n).Length);
        }
        finally
        {
            state.Exit();
        }
    }

    /// <summary>What the declaration became on this machine.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    public static AttentionInfo Info<TKernel, T>()
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => Described<TKernel, T>.Info;

    /// <summary>Everything that a call computes: whole pairs first, then those that are cut, one after the other.</summary>
    private static void Run<TKernel, T>(scoped in CallContext<T> context, WorkerTeam team, CancellationToken token)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var pairs = new HeadWork<TKernel, T>(context);
        team.Run(pairs, context.Partition.Degree, token);
        for (int pair = 0; context.Partition.HasFewPairs && pair < context.Pairs; pair++)
        {
            if (!context.IsCut(pair))
                continue;
            token.ThrowIfCancellationRequested();
            CutHead.Run<TKernel, T>(context, pair / context.Call.Geometry.Heads, pair % context.Call.Geometry.Heads, team, token);
        }
    }

    /// <summary>Where the declaration has slopes at all: the call's own, or the rule's, computed into <paramref name="room"/>.</summary>
    private static ReadOnlySpan<T> Slopes<T>(KernelTraits traits, ReadOnlySpan<T> given, ref T room, int heads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (traits.Decay != Decay.LightningSlopes)
            return given;
        Span<T> slopes = MemoryMarshal.CreateSpan(ref room, heads);
        HeadSlopes.FillLightning(slopes);
        return slopes;
    }

    private static class Described<TKernel, T>
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly AttentionInfo Info = new(TKernel.Traits, Unsafe.SizeOf<T>(), cap: null);
    }
}
