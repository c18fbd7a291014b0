using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>A state that knows its kernels.</summary>
internal sealed class KernelState<TKernel, T> : AttentionState<T>
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _ruleSlopes;

    public KernelState(int sequences, int heads)
        : base(TKernel.Traits, sequences, heads)
    {
        _ruleSlopes = Traits.Decay == Decay.LightningSlopes ? new T[heads] : [];
        HeadSlopes.FillLightning(_ruleSlopes.AsSpan());
    }

    internal override ReadOnlySpan<T> RuleSlopes => _ruleSlopes;

    private protected override AttentionState<T> CreateEmpty() => new KernelState<TKernel, T>(Sequences, Heads);

    private protected override void Fold(ref T block, ref T scratch, int begin, T slope)
    {
        var frame = new KernelFrame<T>
        {
            State = ref block,
            Scratch = ref scratch,

            // Nothing is projected, but where the transpose lies is computed.
            Projection = ref scratch,
            KeyProjection = ref scratch,
            Begin = begin,
            Fold = true,
            Slope = slope,
        };
        TKernel.Sweep(InstructionSetSupport.Choose(Traits.InstructionSets, null), ref frame);
    }

    private protected override void CheckSlopes(ReadOnlySpan<T> slopes) =>
        OptionsValidation.CheckSlopes(slopes, Heads, Traits, nameof(slopes));
}
