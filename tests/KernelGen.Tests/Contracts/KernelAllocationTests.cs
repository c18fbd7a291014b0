using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Contracts;

/// <summary>Counts the whole process's allocations, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(KernelAllocationTests), DisableParallelization = true)]
[Collection(nameof(KernelAllocationTests))]
public class KernelAllocationTests
{
    private static readonly AttentionShape s_shape = new(2, 70, 2);

    public static TheoryData<string> Variants => ContractVariants.Names(ContractVariants.Main.Where(d => d.Causal && d.DType == DType.Float32));

    [Theory]
    [MemberData(nameof(Variants))]
    public void ForwardAndStep_AfterTheFirstCalls_AllocateNothing(string variant)
    {
        Declaration declaration = ContractVariants.Of(variant).Declaration;
        IVariant<float, float> kernels = ContractVariants.Members<float>(declaration);
        int rows = s_shape.Batch * s_shape.Length * s_shape.Heads;
        float[] q = new float[rows * declaration.HeadDim], k = new float[q.Length], v = new float[rows * declaration.ValueDim], o = new float[v.Length];
        float[] slopes = declaration.Decay == Decay.PerHead ? new float[s_shape.Heads] : [], gates = declaration.Decay == Decay.PerToken ? new float[rows] : [];
        float[] stepGates = gates.Length == 0 ? [] : new float[s_shape.Batch * s_shape.Heads];
        FeatureProjection<float>? projection = declaration.Random is { } random ? FeatureProjection.Draw<float>(RandomFeatures.Orthogonal, random.Features, declaration.HeadDim, seed: 1) : null;
        Workspace workspace = new();
        using AttentionState<float> state = kernels.CreateState(s_shape.Batch, s_shape.Heads);

        AllocatesNothing("pooled workspace", () => kernels.Forward(q, k, v, o, s_shape, new() { Slopes = slopes, Projection = projection, LogGates = gates }));
        AllocatesNothing("own workspace", () => kernels.Forward(q, k, v, o, s_shape, new() { Slopes = slopes, Projection = projection, LogGates = gates, Workspace = workspace }));
        AllocatesNothing("state", () => kernels.Forward(q, k, v, o, s_shape, state, new() { Slopes = slopes, Projection = projection, LogGates = gates, Workspace = workspace }));
        AllocatesNothing("shared out", () => kernels.Forward(q, k, v, o, s_shape, new() { Slopes = slopes, Projection = projection, LogGates = gates, MaxDegreeOfParallelism = 3, SharesSmallCalls = true }));
        AllocatesNothing("shared out, state", () => kernels.Forward(q, k, v, o, s_shape, state, new() { Slopes = slopes, Projection = projection, LogGates = gates, MaxDegreeOfParallelism = 2, SharesSmallCalls = true, Workspace = workspace }));
        AllocatesNothing("step", () => Step(new() { Slopes = slopes, Projection = projection, LogGates = stepGates }));
        AllocatesNothing("step, own workspace", () => Step(new() { Slopes = slopes, Projection = projection, LogGates = stepGates, Workspace = workspace }));

        void Step(in AttentionOptions<float> options)
        {
            int tokens = s_shape.Batch * s_shape.Heads;
            Span<float> token = o.AsSpan(0, tokens * declaration.ValueDim);
            kernels.Step(q.AsSpan(0, tokens * declaration.HeadDim), k.AsSpan(0, tokens * declaration.HeadDim), v.AsSpan(0, token.Length), token, state, options);
        }
    }

    [Fact]
    public void Forward_CutAlongTheSequence_AllocatesNothing()
    {
        Declaration declaration = ContractVariants.Main[0];
        IVariant<float, float> kernels = ContractVariants.Members<float>(declaration);
        AttentionShape shape = new(1, 2500, 1);
        float[] q = new float[shape.Length * declaration.HeadDim], k = new float[q.Length], v = new float[shape.Length * declaration.ValueDim], o = new float[v.Length];
        using AttentionState<float> state = kernels.CreateState(1, 1);
        using CancellationTokenSource source = new();

        AllocatesNothing("cut", () => kernels.Forward(q, k, v, o, shape, new() { MaxDegreeOfParallelism = 3, SharesSmallCalls = true }));
        AllocatesNothing("cut, state, token", () => kernels.Forward(q, k, v, o, shape, state, new() { MaxDegreeOfParallelism = 3, SharesSmallCalls = true, CancellationToken = source.Token }));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AfterTheFirstCalls_AllocatesNothing(string variant)
    {
        Declaration declaration = ContractVariants.Of(variant).Declaration;
        IVariant<float, float> kernels = ContractVariants.Members<float>(declaration);
        int rows = s_shape.Batch * s_shape.Length * s_shape.Heads;
        float[] q = new float[rows * declaration.HeadDim], k = new float[q.Length], v = new float[rows * declaration.ValueDim], outputGradient = new float[v.Length];
        float[] dq = new float[q.Length], dk = new float[q.Length], dv = new float[v.Length];
        float[] gates = declaration.Decay == Decay.PerToken ? new float[rows] : [], gateGradients = new float[gates.Length];
        float[] slopes = declaration.Decay == Decay.PerHead ? new float[s_shape.Heads] : [], slopeGradients = new float[slopes.Length];
        FeatureProjection<float>? projection = declaration.Random is { } random ? FeatureProjection.Draw<float>(RandomFeatures.Orthogonal, random.Features, declaration.HeadDim, seed: 1) : null;
        Workspace workspace = new();

        AllocatesNothing("pooled workspace", () => Call(new() { Slopes = slopes, Projection = projection, LogGates = gates, SlopeGradients = slopeGradients, LogGateGradients = gateGradients }));
        AllocatesNothing("own workspace", () => Call(new() { Slopes = slopes, Projection = projection, LogGates = gates, SlopeGradients = slopeGradients, LogGateGradients = gateGradients, Workspace = workspace }));
        AllocatesNothing("shared out", () => Call(new() { Slopes = slopes, Projection = projection, LogGates = gates, SlopeGradients = slopeGradients, LogGateGradients = gateGradients, MaxDegreeOfParallelism = 3, SharesSmallCalls = true }));

        void Call(in BackwardOptions<float> options) => kernels.Backward(q, k, v, outputGradient, dq, dk, dv, s_shape, options);
    }

    [Fact]
    public void Backward_CutAlongTheSequence_AllocatesNothing()
    {
        Declaration declaration = ContractVariants.Main[0];
        IVariant<float, float> kernels = ContractVariants.Members<float>(declaration);
        AttentionShape shape = new(1, 2500, 1);
        float[] q = new float[shape.Length * declaration.HeadDim], k = new float[q.Length], v = new float[shape.Length * declaration.ValueDim], outputGradient = new float[v.Length];
        float[] dq = new float[q.Length], dk = new float[q.Length], dv = new float[v.Length];

        AllocatesNothing("cut", () => kernels.Backward(q, k, v, outputGradient, dq, dk, dv, shape, new() { MaxDegreeOfParallelism = 3, SharesSmallCalls = true }));
    }

    [Fact]
    public void Calls_OfTensorsInSixteenBits_AllocateNothing()
    {
        Declaration declaration = ContractVariants.Narrow[0];
        IVariant<BFloat16, float> kernels = ContractVariants.Members<BFloat16>(declaration);
        AttentionShape shape = s_shape with { Heads = 4, KeyValueHeads = 2 };
        int rows = shape.Batch * shape.Length, step = shape.Batch;
        BFloat16[] q = new BFloat16[rows * 4 * declaration.HeadDim], k = new BFloat16[rows * 2 * declaration.HeadDim], v = new BFloat16[rows * 2 * declaration.ValueDim];
        BFloat16[] o = new BFloat16[rows * 4 * declaration.ValueDim], dq = new BFloat16[q.Length], dk = new BFloat16[k.Length], dv = new BFloat16[v.Length];
        using AttentionState<float> state = kernels.CreateState(shape.Batch, 4);

        AllocatesNothing("forward", () => kernels.Forward(q, k, v, o, shape, default));
        AllocatesNothing("forward, shared out", () => kernels.Forward(q, k, v, o, shape, new() { MaxDegreeOfParallelism = 3, SharesSmallCalls = true }));
        AllocatesNothing("state", () => kernels.Forward(q, k, v, o, shape, state, default));
        AllocatesNothing("step", () => kernels.Step(
            q.AsSpan(0, step * 4 * declaration.HeadDim), k.AsSpan(0, step * 2 * declaration.HeadDim), v.AsSpan(0, step * 2 * declaration.ValueDim), o.AsSpan(0, step * 4 * declaration.ValueDim), state, default));
        AllocatesNothing("backward, summed over heads", () => kernels.Backward(q, k, v, o, dq, dk, dv, shape, default));
    }

    /// <summary>
    /// Some window of calls allocates nothing in the whole process. Threads of the test host, of the pool and of the JIT may allocate at any moment, the more the busier the
    /// machine, so windows are short and many; a call that allocates spoils every one.
    /// </summary>
    internal static void AllocatesNothing(string what, Action call)
    {
        const int calls = 4, windows = 250;
        for (int i = 0; i < 5 * calls; i++)
            call();
        long least = long.MaxValue;
        for (int window = 0; window < windows && least > 0; window++)
        {
            // Others come to rest when nobody asks for anything.
            if (window % 50 == 49)
                Thread.Sleep(50);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < calls; i++)
                call();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.True(least == 0, $"{what}: {least} bytes in {calls} calls");
    }
}
