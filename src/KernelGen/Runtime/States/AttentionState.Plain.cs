using System.Runtime.InteropServices;
using KernelGen.Runtime;

namespace KernelGen;

/// <content>Conversion to and from plain tensors, the form that other libraries exchange.</content>
public abstract partial class AttentionState<T>
{
    /// <summary>
    /// Writes the state as plain tensors, unfinished chunks folded in (on a copy: the state itself stays as it is). Lost are the
    /// compensations, and the place in the chunk grid: a sequence continued from the plain state agrees to rounding, not to the bit.
    /// </summary>
    /// <param name="state">Receives S, [N, H, M, E].</param>
    /// <param name="normalizer">Receives z, [N, H, M]; empty where the declaration has no normaliser.</param>
    /// <param name="slopes">The slopes that the calls had, [H]: needed with <see cref="Decay.PerHead"/>, refused elsewhere.</param>
    /// <exception cref="ArgumentException">A length or a slope is wrong, or the two destinations overlap.</exception>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void CopyTo(Span<T> state, Span<T> normalizer = default, ReadOnlySpan<T> slopes = default)
    {
        CheckPlain(state, normalizer);
        CheckSlopes(slopes);
        Separation.Refuse<T, T>(nameof(normalizer), normalizer, nameof(state), state);
        Separation.Refuse<T, T>(nameof(state), state, nameof(slopes), slopes);
        Separation.Refuse<T, T>(nameof(normalizer), normalizer, nameof(slopes), slopes);
        Enter();
        try
        {
            ReadOnlySpan<T> decays = Traits.Decay == Decay.PerHead ? slopes : RuleSlopes;
            WorkspacePlan plan = WorkspacePlan.For<T>(Traits, Heads);
            using var lease = WorkspaceLease.Take(null, plan.Bytes);
            ref T copy = ref lease.At<T>(0);
            for (int n = 0; n < Sequences; n++)
            {
                for (int h = 0; h < Heads; h++)
                {
                    MemoryMarshal.CreateReadOnlySpan(ref Block(n, h), Traits.State.Length).CopyTo(MemoryMarshal.CreateSpan(ref copy, Traits.State.Length));
                    if (Begin(n) != 0)
                        Fold(ref copy, ref lease.At<T>(plan.Scratch), Begin(n), decays.IsEmpty ? default : decays[h]);
                    int index = (n * Heads) + h;
                    StateBlock.Store(ref copy, Traits, PlainStates.State(state, index, Traits), PlainStates.Normalizer(normalizer, index, Traits));
                }
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Replaces the state by plain tensors. Every sequence begins a new chunk grid at <paramref name="position"/>.</summary>
    /// <param name="state">S, [N, H, M, E].</param>
    /// <param name="normalizer">z, [N, H, M]; empty where the declaration has no normaliser.</param>
    /// <param name="position">Tokens that the plain state stands for, 0 or more: what <see cref="Positions"/> counts on from.</param>
    /// <exception cref="ArgumentException">A length is wrong or the position is negative.</exception>
    /// <exception cref="ObjectDisposedException">The state has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is using the state.</exception>
    public void CopyFrom(ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer = default, long position = 0)
    {
        CheckPlain(state, normalizer);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        Enter();
        try
        {
            for (int n = 0; n < Sequences; n++)
            {
                for (int h = 0; h < Heads; h++)
                {
                    int index = (n * Heads) + h;
                    StateBlock.Load(ref Block(n, h), Traits, PlainStates.State(state, index, Traits), PlainStates.Normalizer(normalizer, index, Traits));
                }
            }

            Array.Fill(_positions, position);
            Array.Fill(_origins, position);
        }
        finally
        {
            Exit();
        }
    }

    private protected abstract void CheckSlopes(ReadOnlySpan<T> slopes);

    private void CheckPlain(ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer)
    {
        if (state.IsEmpty)
            ArgumentFault.Length(nameof(state), 0, "[N, H, M, E]", Sequences, Heads, Traits.FeatureDim, Traits.ValueDim);
        OptionsValidation.CheckPlainState(nameof(state), state, nameof(normalizer), normalizer, Sequences, Heads, Traits);
    }
}
