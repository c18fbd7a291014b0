using KernelGen.Tests.Contracts;
using KernelGen.Tests.TransNormer;

namespace KernelGen.Tests.Dense;

/// <summary>Counts the whole process's allocations, so nothing else may run beside it.</summary>
[Collection(nameof(KernelAllocationTests))]
public sealed class DenseAllocationTests
{
    [Fact]
    public void Layer_AfterTheFirstCalls_AllocatesNothing()
    {
        const int Tokens = 70;
        float[] x = new float[Tokens * 40], y = new float[Tokens * 77], dx = new float[x.Length], dW = new float[154 * 40], db = new float[154];
        DenseWeights<float> weights = Gated.Pack(dW, db, forTraining: true);
        Workspace workspace = new();
        KernelAllocationTests.AllocatesNothing("pooled workspace", () => Gated.Forward(x, weights, y, Tokens));
        KernelAllocationTests.AllocatesNothing("shared out", () => Gated.Forward(x, weights, y, Tokens, new() { MaxDegreeOfParallelism = 3, SharesSmallCalls = true, Workspace = workspace }));
        KernelAllocationTests.AllocatesNothing("backward", () => Gated.Backward(x, weights, y, dx, dW, db, Tokens, new() { MaxDegreeOfParallelism = 3, SharesSmallCalls = true, Workspace = workspace }));
        KernelAllocationTests.AllocatesNothing("repack", () => weights.Repack(dW, db));
    }

    [Fact]
    public void Block_AfterTheFirstCalls_AllocatesNothing()
    {
        BlockProblem problem = new(2, 18, 21, 3, 30, 35, isMasked: true);
        TransNormerWeights<double> weights = OddDouble.Pack(problem.Parameters, forTraining: true);
        TransNormerActivations<double> activations = new();
        double[] y = new double[problem.X.Length], dx = new double[y.Length], qkvu = new double[problem.Qkvu.Length];
        using AttentionState<double> state = OddDouble.CreateState(sequences: 2);
        KernelAllocationTests.AllocatesNothing("forward", () => OddDouble.Forward(problem.X, weights, y, 2, 18, new() { KeyMask = problem.Mask }));
        KernelAllocationTests.AllocatesNothing("training", () => OddDouble.Forward(problem.X, weights, y, 2, 18, new() { Activations = activations }));
        KernelAllocationTests.AllocatesNothing("backward", () => OddDouble.Backward(problem.X, weights, activations, problem.OutputGradient, dx, new() { Qkvu = qkvu }));
        KernelAllocationTests.AllocatesNothing("step", () => OddDouble.Forward(problem.X.AsSpan(0, 42), weights, y.AsSpan(0, 42), 2, 1, new() { State = state }));
    }
}
