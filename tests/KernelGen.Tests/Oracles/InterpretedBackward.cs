using KernelGen.Generator.Plans;
using KernelGen.Generator.Tiles;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The backward programs of a declaration, interpreted over the sequences and heads of a call as the contract of the phases says.</summary>
internal sealed class InterpretedBackward(Declaration declaration)
{
    private readonly BackwardPrograms _programs = DeclarationSpecs.Programs(declaration).Backward;

    public IEnumerable<TileProgram> Phases => _programs.Phases.Concat(_programs.Phases.SelectMany(Cut));

    /// <summary>The programs that a phase is cut into; none where it cannot be.</summary>
    public static IReadOnlyList<TileProgram> Cut(TileProgram phase) => Windowing.Derive(phase, phase.Name);

    /// <param name="problem">The call.</param>
    /// <param name="cut">Whether phases are cut along the sequence, each group being all chunks, wherever they can be: all lengths are whole chunks then.</param>
    public GradientResult Run(GradientProblem problem, bool cut = false)
    {
        GradientResult result = GradientResult.Zero(declaration, problem.Call);
        for (int n = 0; n < problem.Call.Sequences; n++)
        {
            for (int h = 0; h < problem.Call.Shape.Heads; h++)
                Head(problem, n, h, cut, result);
        }

        return result;
    }

    private void Head(GradientProblem problem, int n, int h, bool cut, GradientResult result)
    {
        AttentionProblem call = problem.Call;
        HeadGradients head = new(declaration, problem, n, h);
        TileState state = new();
        int index = (n * call.Shape.Heads) + h;
        Bring(call, problem, index, state);
        foreach (TileProgram phase in _programs.Phases)
        {
            int count = phase.Name == "Queries" ? head.Length : head.KeyLength;
            TileState[] slots = Enumerable.Range(0, cut ? count / declaration.ChunkSize : 0).Select(_ => new TileState()).ToArray();
            foreach (TileProgram program in cut && Cut(phase) is { Count: > 0 } parts ? parts : [phase])
                TileInterpreter.Run(program, head.Frame(count, slots), state);
        }

        Take(call, index, state, result);
        Projected(call, h, state, _programs.ProjectionGradient, call.Projection, result.Projection, result.ProjectionBias);
        Projected(call, h, state, _programs.KeyProjectionGradient, call.KeyProjection, result.KeyProjection, result.KeyProjectionBias);
        head.AddTo(result, _programs.QueryFlow?.Name, _programs.KeyFlow?.Name);
    }

    private void Bring(AttentionProblem call, GradientProblem problem, int index, TileState state)
    {
        for (int d = 0; d < call.FeatureDim; d++)
        {
            int row = (index * call.FeatureDim) + d;
            for (int e = 0; e < call.ValueDim; e++)
            {
                int element = (row * call.ValueDim) + e;
                state[_programs.TransposedSum][e, d] = call.InitialState.Length > 0 ? call.InitialState[element] : 0;
                state[_programs.SumGradient][d, e] = problem.FinalState.Length > 0 ? problem.FinalState[element] : 0;
            }

            if (_programs.Normalizer is null)
                continue;
            state[_programs.Normalizer][0, d] = call.InitialNormalizer.Length > 0 ? call.InitialNormalizer[row] : 0;
            state[_programs.NormalizerGradient!][0, d] = problem.FinalNormalizer.Length > 0 ? problem.FinalNormalizer[row] : 0;
        }
    }

    private void Take(AttentionProblem call, int index, TileState state, GradientResult result)
    {
        for (int d = 0; d < call.FeatureDim; d++)
        {
            int row = (index * call.FeatureDim) + d;
            for (int e = 0; e < call.ValueDim; e++)
                result.State[(row * call.ValueDim) + e] = state[_programs.SumGradient][d, e];
            if (_programs.NormalizerGradient is { } normalizer)
                result.Normalizer[row] = state[normalizer][0, d];
        }
    }

    private static void Projected(AttentionProblem call, int head, TileState state, Tile? gradient, double[] matrix, double[] rows, double[] bias)
    {
        for (int p = 0; p < call.ProjectedDim && gradient is not null; p++)
        {
            int row = call.MatrixRow(matrix, head, p);
            for (int d = 0; d < call.HeadDim; d++)
                rows[(row * call.HeadDim) + d] += state[gradient][p, d];
            if (bias.Length > 0)
                bias[row] += state[gradient][p, call.HeadDim];
        }
    }
}
