using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// What the members of a block's class call: its dense layers and its attention, one after the other over all tokens of the call. Each computes a token's row the same way whatever is beside
/// it, so that prefill, decode and training have the same bits.
/// </summary>
/// <typeparam name="TAttention">Kernels of the attention.</typeparam>
/// <typeparam name="TProjection">Of the projections to q, k, v and u.</typeparam>
/// <typeparam name="TOutput">Of the projection from the heads.</typeparam>
/// <typeparam name="TGlu">Of the factors of the gated linear unit.</typeparam>
/// <typeparam name="TDown">Of the projection from their product.</typeparam>
/// <typeparam name="T">Element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class TransNormerDriver<TAttention, TProjection, TOutput, TGlu, TDown, T>
    where TAttention : struct, IStateKernel<T>
    where TProjection : struct, IDenseKernel<T>
    where TOutput : struct, IDenseKernel<T>
    where TGlu : struct, IDenseKernel<T>
    where TDown : struct, IDenseKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
#pragma warning disable CA1000 // The type arguments are generated code's: nobody writes them.
    /// <summary>Packs weights.</summary>
    /// <param name="traits">The block.</param>
    /// <param name="parameters">The weights and slopes.</param>
    /// <param name="forTraining">Whether for backward calls too.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static TransNormerWeights<T> Pack(TransNormerTraits traits, in TransNormerParameters<T> parameters, bool forTraining)
    {
        TransNormerChecks.Parameters(traits, parameters);
        TransNormerWeights<T> weights = new(traits, forTraining);
        weights.Repack(parameters);
        return weights;
    }

    /// <summary>The block over whole sequences, or continuing a state.</summary>
    /// <param name="traits">The block.</param>
    /// <param name="x">[B, T, E].</param>
    /// <param name="weights">Packed by the block.</param>
    /// <param name="y">[B, T, E], written.</param>
    /// <param name="batch">B.</param>
    /// <param name="length">T.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="ArgumentException">An argument is not what the block or another argument asks for.</exception>
    public static void Forward(TransNormerTraits traits, ReadOnlySpan<T> x, TransNormerWeights<T> weights, Span<T> y, int batch, int length, in TransNormerOptions<T> options)
    {
        TransNormerChecks.Call(traits, weights, forTraining: false, batch, length, options);
        TransNormerChecks.Rows(traits, nameof(x), x.Length, batch, length);
        TransNormerChecks.Rows(traits, nameof(y), y.Length, batch, length);
        DenseChecks.Apart(y, nameof(y), x, nameof(x));
        options.CancellationToken.ThrowIfCancellationRequested();
        int tokens = batch * length;
        TransNormerLayout layout = new(traits, tokens);
        options.Activations?.Begin(traits, batch, length, layout.Elements);
        if (tokens > 0)
        {
            int degree = DenseContext<T>.Degree(options.Dense, tokens * traits.DenseFlopsPerToken), scratch = DenseContext<T>.ScratchLength(traits.ScratchLength);
            long behind = (long)degree * scratch;
            using var lease = WorkspaceLease.Take(options.Workspace, (behind + (options.Activations is null ? layout.Elements : 0)) * Unsafe.SizeOf<T>());
            DenseContext<T> context = new(InstructionSetSupport.Choose(traits.Projection.InstructionSets, options.Cap), lease.Team, degree, ref lease.At<T>(0), scratch, options.CancellationToken);
            ref T room = ref options.Activations is null ? ref lease.At<T>(behind * Unsafe.SizeOf<T>()) : ref options.Activations.First;
            Run(context, x, weights, y, batch, length, layout, ref room, options);
        }

        options.Activations?.Complete(traits);
    }

    private static void Run(
        DenseContext<T> context, ReadOnlySpan<T> x, TransNormerWeights<T> weights, Span<T> y, int batch, int length, TransNormerLayout layout, ref T room, in TransNormerOptions<T> options)
    {
        TransNormerTraits traits = weights.Traits;
        int tokens = batch * length;
        ref readonly T none = ref Unsafe.NullRef<T>();
        for (int i = 0; i < 4; i++)
            DenseForward.Run<TProjection, T>(context, weights.Qkvu[i], in MemoryMarshal.GetReference(x), in none, ref TransNormerLayout.At(ref room, i * layout.HiddenStride), tokens);
        Attention(batch, length, weights, layout, ref room, options);

        Span<T> middle = Rows(ref room, layout.Middle, tokens, traits.Embed);
        x.CopyTo(middle);
        ref T u = ref TransNormerLayout.At(ref room, 3 * layout.HiddenStride);
        DenseForward.Run<TOutput, T>(context, weights.Output, in TransNormerLayout.At(ref room, layout.Attention), in u, ref middle[0], tokens);

        ref T gate = ref TransNormerLayout.At(ref room, layout.Gate), up = ref TransNormerLayout.At(ref room, layout.Up);
        DenseForward.Run<TGlu, T>(context, weights.Gate, in middle[0], in none, ref gate, tokens);
        DenseForward.Run<TGlu, T>(context, weights.Up, in middle[0], in none, ref up, tokens);
        middle.CopyTo(y);
        DenseForward.Run<TDown, T>(context, weights.Down, in gate, in up, ref MemoryMarshal.GetReference(y), tokens);
    }

    private static void Attention(int batch, int length, TransNormerWeights<T> weights, TransNormerLayout layout, ref T room, in TransNormerOptions<T> options)
    {
        int hidden = weights.Traits.Hidden, tokens = batch * length;
        AttentionShape shape = new(batch, length, weights.Traits.Heads);
        AttentionOptions<T> attention = new()
        {
            KeyMask = options.KeyMask,
            Slopes = weights.Slopes,
            Cap = options.Cap,
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
            CancellationToken = options.CancellationToken,
            SharesSmallCalls = options.SharesSmallCalls,
        };
        ReadOnlySpan<T> q = Rows(ref room, 0, tokens, hidden), k = Rows(ref room, layout.HiddenStride, tokens, hidden), v = Rows(ref room, 2 * layout.HiddenStride, tokens, hidden);
        Span<T> o = Rows(ref room, layout.Attention, tokens, hidden);
        if (options.State is { } state)
            StateDriver.Forward<TAttention, T, T>(q, k, v, o, shape, state, attention);
        else
            StateDriver.Forward<TAttention, T, T>(q, k, v, o, shape, attention);
    }

    private static Span<T> Rows(ref T room, long offset, int tokens, int width) => MemoryMarshal.CreateSpan(ref TransNormerLayout.At(ref room, offset), tokens * width);
}
