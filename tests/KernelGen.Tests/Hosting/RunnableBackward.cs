using System.Numerics;
using System.Runtime.CompilerServices;
using KernelGen.Runtime;

namespace KernelGen.Tests.Hosting;

/// <summary>
/// The backward phases of a declaration, called as their contract allows and no more kindly: scratch and what phases leave for one another full of NaN, everything
/// between guards, inputs compared with themselves afterwards.
/// </summary>
internal abstract class RunnableBackward
{
    public abstract KernelTraits Traits { get; }

    /// <param name="problem">The call.</param>
    /// <param name="level">Kernels to run.</param>
    /// <param name="mode">How gradients are written; those of shared keys are added, from the second head on.</param>
    public abstract GradientResult Run(GradientProblem problem, InstructionSet level, OutputMode mode = OutputMode.Store);
}

/// <inheritdoc/>
internal sealed class RunnableBackward<TKernel, T>(Declaration declaration) : RunnableBackward
    where TKernel : struct, IStateKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int TokenBlock = 16;

    public override KernelTraits Traits => TKernel.Traits;

    public override GradientResult Run(GradientProblem problem, InstructionSet level, OutputMode mode)
    {
        AttentionProblem call = problem.Call;
        AlignedMemory<T> dq = Outputs("dq", call.Q.Length), dk = Outputs("dk", call.K.Length), dv = Outputs("dv", call.V.Length);
        UnchangedInput<T> q = new("q", call.Q), k = new("k", call.K), v = new("v", call.V), dO = new("dO", problem.Output);
        GradientResult result = GradientResult.Zero(declaration, call);
        FeatureProjection<T>? projection = Projections.Of<T>(call), keyProjection = Projections.OfKeys<T>(call);
        T[] gates = Array.ConvertAll(call.LogGates, T.CreateTruncating);
        T[] slopes = Array.ConvertAll(Oracles.PublishedSlopes.Of(declaration, call), T.CreateTruncating);
        for (int n = 0; n < call.Sequences; n++)
        {
            (int batch, int start, int length, int keyStart, int keyLength) = call.Range(n);
            for (int h = 0; h < call.Shape.Heads; h++)
            {
                int tokens = Math.Max(length, keyLength);
                var block = new AlignedMemory<T>("block", Backward.BlockLength, T.Zero);
                var scratch = new AlignedMemory<T>("scratch", Backward.ScratchLength, T.NaN);
                int tokenStride = (tokens + TokenBlock - 1) / TokenBlock * TokenBlock;
                var left = new AlignedMemory<T>("tokens", Backward.TokenElements * tokenStride, T.NaN);
                int index = (n * call.Shape.Heads) + h;
                Bring(problem, index, block.Span);
                var frame = new KernelFrame<T>
                {
                    Q = ref At(q.Values, call.QueryRow(batch, h, start)),
                    K = ref At(k.Values, call.KeyRow(batch, h, keyStart)),
                    V = ref At(v.Values, call.ValueRow(batch, h, keyStart)),
                    OutputGradient = ref At(dO.Values, call.OutputRow(batch, h, start)),
                    QueryGradient = ref At(dq.Span, call.QueryRow(batch, h, start)),
                    KeyGradient = ref At(dk.Span, call.KeyRow(batch, h, keyStart)),
                    ValueGradient = ref At(dv.Span, call.ValueRow(batch, h, keyStart)),
                    Tokens = ref At(left.Span, 0),
                    State = ref block.First,
                    Scratch = ref scratch.First,
                    QStride = call.QueryRow(batch, h, 1) - call.QueryRow(batch, h, 0),
                    KStride = call.KeyRow(batch, h, 1) - call.KeyRow(batch, h, 0),
                    VStride = call.ValueRow(batch, h, 1) - call.ValueRow(batch, h, 0),
                    OutputGradientStride = call.OutputRow(batch, h, 1) - call.OutputRow(batch, h, 0),
                    QueryGradientStride = call.QueryRow(batch, h, 1) - call.QueryRow(batch, h, 0),
                    KeyGradientStride = call.KeyRow(batch, h, 1) - call.KeyRow(batch, h, 0),
                    ValueGradientStride = call.ValueRow(batch, h, 1) - call.ValueRow(batch, h, 0),
                    TokenStride = tokenStride,
                    Prefetches = h % 2 == 1,
                    Slope = slopes.Length == 0 ? T.NaN : slopes[h],
                };
                if (projection is not null)
                    frame.Projection = ref projection.Block(h);
                if (keyProjection is not null)
                    frame.KeyProjection = ref keyProjection.Block(h);
                if (gates.Length > 0)
                {
                    frame.LogGates = ref At<T>(gates, call.Gate(batch, h, start));
                    frame.LogGatesStride = call.Gate(batch, h, 1) - call.Gate(batch, h, 0);
                }

                if (call.KeyMask.Length > 0)
                    frame.KeyMask = ref At<bool>(call.KeyMask, (batch * call.KeyLength) + keyStart);
                bool isFirst = h % (call.Shape.Heads / call.KeyValueHeads) == 0;
                for (int phase = 0; phase < Backward.Phases.Count; phase++)
                {
                    bool isQueries = Backward.Phases[phase].Tokens == BackwardTokens.Queries;
                    frame.Length = isQueries ? length : keyLength;
                    frame.Output = isQueries || isFirst ? mode : OutputMode.Add;
                    TKernel.Backward(level, phase, PhasePart.Sweep, ref frame);
                }

                scratch.Read();
                double[] after = block.Read();
                Take(call, index, after, result);
                Projected(call, h, after, Backward.ProjectionGradientOffset, call.Projection, result.Projection, result.ProjectionBias);
                Projected(call, h, after, Backward.KeyProjectionGradientOffset, call.KeyProjection, result.KeyProjection, result.KeyProjectionBias);
                Flows(call, (batch, h), (start, length), (keyStart, keyLength), left.Read(), tokenStride, result);
            }
        }

        foreach (UnchangedInput<T> input in new[] { q, k, v, dO })
            input.Check();
        dq.Read().CopyTo(result.Queries, 0);
        dk.Read().CopyTo(result.Keys, 0);
        dv.Read().CopyTo(result.Values, 0);
        return result;
    }

    private static BackwardTraits Backward => TKernel.Traits.Backward!;

    private static AlignedMemory<T> Outputs(string name, int length) => new(name, length, T.NaN);

    private static void Bring(GradientProblem problem, int index, Span<T> block)
    {
        AttentionProblem call = problem.Call;
        for (int d = 0; d < call.FeatureDim; d++)
        {
            int row = (index * call.FeatureDim) + d;
            for (int e = 0; e < call.ValueDim; e++)
            {
                int element = (row * call.ValueDim) + e;
                if (call.InitialState.Length > 0)
                    block[Backward.TransposedSumOffset + (e * Backward.TransposedSumStride) + d] = T.CreateTruncating(call.InitialState[element]);
                if (problem.FinalState.Length > 0)
                    block[Backward.SumGradientOffset + (d * Backward.SumGradientStride) + e] = T.CreateTruncating(problem.FinalState[element]);
            }

            if (call.InitialNormalizer.Length > 0)
                block[Backward.NormalizerOffset + d] = T.CreateTruncating(call.InitialNormalizer[row]);
            if (problem.FinalNormalizer.Length > 0)
                block[Backward.NormalizerGradientOffset + d] = T.CreateTruncating(problem.FinalNormalizer[row]);
        }
    }

    private static void Take(AttentionProblem call, int index, double[] block, GradientResult result)
    {
        for (int d = 0; d < call.FeatureDim; d++)
        {
            int row = (index * call.FeatureDim) + d;
            block.AsSpan(Backward.SumGradientOffset + (d * Backward.SumGradientStride), call.ValueDim).CopyTo(result.State.AsSpan(row * call.ValueDim));
            if (result.Normalizer.Length > 0)
                result.Normalizer[row] = block[Backward.NormalizerGradientOffset + d];
        }
    }

    /// <summary>Adds the gradient of a projection that a head leaves in its block.</summary>
    private static void Projected(AttentionProblem call, int head, double[] block, int offset, double[] matrix, double[] rows, double[] bias)
    {
        int line = 64 / Unsafe.SizeOf<T>(), columns = call.HeadDim + (bias.Length > 0 ? 1 : 0), stride = (columns + line - 1) / line * line;
        for (int p = 0; p < call.ProjectedDim && rows.Length > 0; p++)
        {
            int row = call.MatrixRow(matrix, head, p);
            for (int d = 0; d < call.HeadDim; d++)
                rows[(row * call.HeadDim) + d] += block[offset + (p * stride) + d];
            if (bias.Length > 0)
                bias[row] += block[offset + (p * stride) + call.HeadDim];
        }
    }

    private static void Flows(
        AttentionProblem call, (int Batch, int Index) head, (int Start, int Length) queries, (int Start, int Length) keys, double[] tokens, int stride, GradientResult result)
    {
        if (result.QueryFlow.Length > 0)
            tokens.AsSpan(Backward.QueryFlow * stride, queries.Length).CopyTo(result.QueryFlow.AsSpan(GradientResult.Flow(call, head.Batch, head.Index, call.Shape.Length) + queries.Start));
        if (result.KeyFlow.Length > 0)
            tokens.AsSpan(Backward.KeyFlow * stride, keys.Length).CopyTo(result.KeyFlow.AsSpan(GradientResult.Flow(call, head.Batch, head.Index, call.KeyLength) + keys.Start));
    }

    /// <summary>An element, or where an empty tensor would have one.</summary>
    private static ref TItem At<TItem>(Span<TItem> span, int offset) => ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(span), offset);
}
