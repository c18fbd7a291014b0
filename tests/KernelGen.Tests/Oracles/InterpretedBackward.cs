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
        (int batch, int start, int length, int keyStart, int keyLength) = call.Range(n);
        TileState state = new();
        int index = (n * call.Shape.Heads) + h;
        Bring(call, problem, index, state);
        double[][] dq = Poisoned(length, call.HeadDim), dk = Poisoned(keyLength, call.HeadDim), dv = Poisoned(keyLength, call.ValueDim);
        double[] slopes = PublishedSlopes.Of(declaration, call);
        Dictionary<string, double[][]> tokens = [];
        foreach (TileProgram phase in _programs.Phases)
        {
            int count = phase.Name == "Queries" ? length : keyLength;
            TileState[] slots = Enumerable.Range(0, cut ? count / declaration.ChunkSize : 0).Select(_ => new TileState()).ToArray();
            foreach (TileProgram program in cut && Cut(phase) is { Count: > 0 } parts ? parts : [phase])
                TileInterpreter.Run(program, Frame(count, slots), state);
        }

        Add(dq, result.Queries, t => call.QueryRow(batch, h, start + t));
        Add(dk, result.Keys, s => call.KeyRow(batch, h, keyStart + s));
        Add(dv, result.Values, s => call.ValueRow(batch, h, keyStart + s));
        Take(call, index, state, result);
        if (_programs.QueryFlow is not { } queryFlow || length == 0)
            return;
        tokens[queryFlow.Name].Select(row => row[0]).ToArray().CopyTo(result.QueryFlow, GradientResult.Flow(call, batch, h, call.Shape.Length) + start);
        tokens[_programs.KeyFlow!.Name].Select(row => row[0]).ToArray().CopyTo(result.KeyFlow, GradientResult.Flow(call, batch, h, call.KeyLength) + keyStart);

        TileFrame Frame(int count, TileState[] slots) => new()
        {
            Length = count,
            Slots = slots,
            Inputs = new Dictionary<string, double[][]>
            {
                ["q"] = Rows(length, t => call.Q.AsSpan(call.QueryRow(batch, h, start + t), call.HeadDim)),
                ["k"] = Rows(keyLength, s => call.K.AsSpan(call.KeyRow(batch, h, keyStart + s), call.HeadDim)),
                ["v"] = Rows(keyLength, s => call.V.AsSpan(call.ValueRow(batch, h, keyStart + s), call.ValueDim)),
                ["dO"] = Rows(length, t => problem.Output.AsSpan(call.OutputRow(batch, h, start + t), call.ValueDim)),
            },
            Outputs = new Dictionary<string, double[][]> { ["dq"] = dq, ["dk"] = dk, ["dv"] = dv },
            Matrices = new Dictionary<string, Func<int, int, double>> { ["proj"] = (m, d) => call.Projection[((((call.Projection.Length == call.FeatureDim * call.HeadDim ? 0 : h) * call.FeatureDim) + m) * call.HeadDim) + d] },
            Numbers = new Dictionary<string, double[]> { ["gate"] = call.LogGates.Length == 0 ? [] : [.. Enumerable.Range(0, length).Select(t => call.LogGates[call.Gate(batch, h, start + t)])] },
            Parameters = new Dictionary<string, double> { ["slope"] = slopes.Length == 0 ? double.NaN : slopes[h] },
            Flags = Enumerable.Range(0, keyLength).Select(s => !call.IsMasked(batch, keyStart + s)).ToArray(),
            Tokens = tokens,
        };
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

    private static void Add(double[][] rows, double[] tensor, Func<int, int> offset)
    {
        for (int t = 0; t < rows.Length; t++)
        {
            for (int c = 0; c < rows[t].Length; c++)
                tensor[offset(t) + c] += rows[t][c];
        }
    }

    private static double[][] Rows(int count, Func<int, Span<double>> row) => Enumerable.Range(0, count).Select(i => row(i).ToArray()).ToArray();

    private static double[][] Poisoned(int count, int width) =>
        Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(double.NaN, width).ToArray()).ToArray();
}
