using System.Numerics;
using System.Numerics.Tensors;
using KernelGen.Runtime;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Runtime.Reference;

/// <summary>One backward call with all its memory: random gradients of all that the problem's forward call computes, outputs that begin as NaN between guards.</summary>
internal sealed class Gradients<TDeclaration, T>
    where TDeclaration : struct, IDeclaration
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public Gradients(Problem<TDeclaration, T> problem)
    {
        Problem = problem;
        DO = problem.Random(problem.O.Length);
        DQ = new("dq", problem.Q.Length);
        DK = new("dk", problem.K.Length);
        DV = new("dv", problem.V.Length);
        if (problem.FinalState is not null)
            FinalState = problem.Random(problem.FinalState.Length);
        if (problem.FinalNormalizer is not null)
            FinalNormalizer = problem.Random(problem.FinalNormalizer.Length);
        InitialState = new("InitialStateGradient", problem.InitialState?.Length ?? 0);
        InitialNormalizer = new("InitialNormalizerGradient", problem.InitialNormalizer?.Length ?? 0);
        Slopes = new("SlopeGradients", problem.Slopes?.Length ?? 0);
    }

    public Problem<TDeclaration, T> Problem { get; }

    public T[] DO { get; init; }

    public GuardedBuffer<T> DQ { get; init; }

    public GuardedBuffer<T> DK { get; init; }

    public GuardedBuffer<T> DV { get; init; }

    public T[]? FinalState { get; init; }

    public T[]? FinalNormalizer { get; init; }

    public GuardedBuffer<T> InitialState { get; init; }

    public GuardedBuffer<T> InitialNormalizer { get; init; }

    public GuardedBuffer<T> Slopes { get; init; }

    public InstructionSet? Cap { get; init; }

    public BackwardOptions<T> Options => new()
    {
        CuSeqlens = Problem.CuSeqlens,
        KeyCuSeqlens = Problem.KeyCuSeqlens,
        KeyMask = Problem.KeyMask,
        Slopes = Problem.Slopes,
        InitialState = Problem.InitialState,
        InitialNormalizer = Problem.InitialNormalizer,
        FinalStateGradient = FinalState,
        FinalNormalizerGradient = FinalNormalizer,
        InitialStateGradient = InitialState.Span,
        InitialNormalizerGradient = InitialNormalizer.Span,
        SlopeGradients = Slopes.Span,
        Workspace = Problem.Workspace,
        Cap = Cap,
    };

    /// <summary>Every output, guards checked.</summary>
    public BackwardResult Result => new(DQ.Read(), DK.Read(), DV.Read(), InitialState.Read(), InitialNormalizer.Read(), Slopes.Read());

    public void Run() =>
        StateDriver.Backward<ScalarKernel<TDeclaration, T>, T>(Problem.Q, Problem.K, Problem.V, DO, DQ.Span, DK.Span, DV.Span, Problem.Shape, Options);

    /// <summary>The same call by tensors, whose lengths are those of q and of k but for the width of their rows.</summary>
    public void RunTensors(Func<nint, nint, nint, nint[]> lengths)
    {
        (int d, int e) = (TDeclaration.Traits.HeadDim, TDeclaration.Traits.ValueDim);
        nint[] queries = lengths(Problem.Shape.Length, Problem.Shape.Heads, d);
        nint[] keys = lengths(Problem.KeyLength, Problem.KeyHeads, d);
        nint[] values = lengths(Problem.KeyLength, Problem.KeyHeads, e);
        StateDriver.Backward<ScalarKernel<TDeclaration, T>, T>(
            new ReadOnlyTensorSpan<T>(Problem.Q, queries),
            new ReadOnlyTensorSpan<T>(Problem.K, keys),
            new ReadOnlyTensorSpan<T>(Problem.V, values),
            new ReadOnlyTensorSpan<T>(DO, lengths(Problem.Shape.Length, Problem.Shape.Heads, e)),
            new TensorSpan<T>(DQ.Span, queries),
            new TensorSpan<T>(DK.Span, keys),
            new TensorSpan<T>(DV.Span, values),
            Options,
            Problem.Shape.Layout);
    }

    /// <summary>What the equations say.</summary>
    public BackwardResult Expected()
    {
        KernelTraits traits = TDeclaration.Traits;
        var declaration = new Declaration
        {
            HeadDim = traits.HeadDim,
            ValueDim = traits.ValueDim,
            Causal = traits.Causal,
            DType = traits.DType,
            Map = TDeclaration.Map,
            Decay = traits.Decay,
            Epsilon = traits.Normalized ? TDeclaration.Epsilon : null,
        };
        var forward = new AttentionProblem
        {
            Shape = Problem.Shape,
            HeadDim = traits.HeadDim,
            ValueDim = traits.ValueDim,
            Q = Doubles(Problem.Q),
            K = Doubles(Problem.K),
            V = Doubles(Problem.V),
            CuSeqlens = Problem.CuSeqlens ?? [],
            KeyCuSeqlens = Problem.KeyCuSeqlens ?? [],
            KeyMask = Problem.KeyMask ?? [],
            Slopes = Doubles(Problem.Slopes),
            InitialState = Doubles(Problem.InitialState),
            InitialNormalizer = Doubles(Problem.InitialNormalizer),
        };
        return NaiveBackward.Run(declaration, new BackwardProblem(forward, Doubles(DO)) { FinalStateGradient = Doubles(FinalState), FinalNormalizerGradient = Doubles(FinalNormalizer) });
    }

    private static double[] Doubles(T[]? values) => Array.ConvertAll(values ?? [], double.CreateTruncating);
}
