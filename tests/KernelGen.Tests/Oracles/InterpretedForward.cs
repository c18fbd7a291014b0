using KernelGen.Generator.Plans;
using KernelGen.Generator.Tiles;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The programs of a declaration, interpreted over the sequences and heads of a call.</summary>
internal sealed class InterpretedForward(Declaration declaration)
{
    private readonly KernelPrograms _programs = DeclarationSpecs.Programs(declaration);

    public IEnumerable<TileProgram> Phases => _programs.Forward.Concat(Windowed);

    /// <summary>The phases that the sweep is cut into.</summary>
    public IReadOnlyList<TileProgram> Windowed { get; } = Windowing.Derive(DeclarationSpecs.Programs(declaration).Forward[0]);

    /// <summary>
    /// What the sweep does with whole chunks, phase by phase: causal, tokens [from, from + count), and their outputs; not causal, the same keys, and none.
    /// </summary>
    public double[][] Cut(AttentionProblem problem, int n, int h, TileState state, int from, int count)
    {
        double[][] o = declaration.Causal ? Poisoned(count, problem.ValueDim) : [];
        TileState[] slots = Enumerable.Range(0, count / declaration.ChunkSize).Select(_ => new TileState()).ToArray();
        foreach (TileProgram phase in Windowed)
        {
            // Only the fold may know the state.
            TileState seen = phase.Name == "Fold" ? state : new TileState();
            TileInterpreter.Run(phase, Frame(problem, n, h, 0, declaration.Causal ? (from, count) : (0, 0), (from, count), o, fold: false, slots), seen);
        }

        return o;
    }

    /// <summary>Keys [from, from + count) into a state, by the sweep.</summary>
    public void Accumulate(AttentionProblem problem, int n, int h, TileState state, int from, int count) =>
        TileInterpreter.Run(_programs.Forward[0], Frame(problem, n, h, 0, (0, 0), (from, count), [], fold: false), state);

    public AttentionResult Run(AttentionProblem problem)
    {
        int states = problem.WantsFinalState ? problem.Sequences * problem.Shape.Heads * problem.FeatureDim : 0;
        AttentionResult result = new(
            new double[problem.OutputLength],
            new double[states * problem.ValueDim],
            new double[declaration.IsNormalized ? states : 0]);
        for (int n = 0; n < problem.Sequences; n++)
        {
            for (int h = 0; h < problem.Shape.Heads; h++)
                Head(problem, n, h, result);
        }

        return result;
    }

    /// <summary>Causal: consumes tokens [from, from + count) of a sequence and head, continuing a state whose unfinished chunk has <paramref name="begin"/> rows.</summary>
    /// <returns>Their outputs.</returns>
    public double[][] Continue(AttentionProblem problem, int n, int h, TileState state, int begin, int from, int count, bool fold)
    {
        double[][] o = Poisoned(count, problem.ValueDim);
        TileInterpreter.Run(_programs.Forward[0], Frame(problem, n, h, begin, (from, count), (from, count), o, fold), state);
        return o;
    }

    private void Head(AttentionProblem problem, int n, int h, AttentionResult result)
    {
        (int batch, int start, int length, _, int keyLength) = problem.Range(n);
        TileState state = new();
        int index = (n * problem.Shape.Heads) + h;
        TakeInitial(problem, index, state);
        double[][] o;
        if (declaration.Causal)
        {
            o = Continue(problem, n, h, state, 0, 0, length, problem.WantsFinalState);
        }
        else
        {
            o = Poisoned(length, problem.ValueDim);
            TileInterpreter.Run(_programs.Forward[0], Frame(problem, n, h, 0, (0, 0), (0, keyLength), [], fold: true), state);
            TileInterpreter.Run(_programs.Forward[1], Frame(problem, n, h, 0, (0, length), (0, 0), o, fold: false), state);
        }

        for (int t = 0; t < length; t++)
            o[t].CopyTo(result.Output, problem.OutputRow(batch, h, start + t));
        if (problem.WantsFinalState)
            GiveFinal(problem, index, state, result);
    }

    private void TakeInitial(AttentionProblem problem, int index, TileState state)
    {
        if (problem.InitialState.Length == 0)
            return;
        for (int d = 0; d < problem.FeatureDim; d++)
        {
            int row = (index * problem.FeatureDim) + d;
            for (int e = 0; e < problem.ValueDim; e++)
                state[_programs.State.Sum][d, e] = problem.InitialState[(row * problem.ValueDim) + e];
            if (_programs.State.Normalizer is { } normalizer)
                state[normalizer][0, d] = problem.InitialNormalizer[row];
        }
    }

    private void GiveFinal(AttentionProblem problem, int index, TileState state, AttentionResult result)
    {
        for (int d = 0; d < problem.FeatureDim; d++)
        {
            int row = (index * problem.FeatureDim) + d;
            for (int e = 0; e < problem.ValueDim; e++)
                result.FinalState[(row * problem.ValueDim) + e] = state[_programs.State.Sum][d, e];
            if (_programs.State.Normalizer is { } normalizer)
                result.FinalNormalizer[row] = state[normalizer][0, d];
        }
    }

    private TileFrame Frame(
        AttentionProblem problem, int n, int h, int begin, (int From, int Count) queries, (int From, int Count) keys, double[][] o, bool fold, TileState[]? slots = null)
    {
        (int batch, int start, _, int keyStart, _) = problem.Range(n);
        double[] slopes = PublishedSlopes.Of(declaration, problem);
        return new TileFrame
        {
            Length = Math.Max(queries.Count, keys.Count),
            Begin = begin,
            Fold = fold,
            Slots = slots ?? [],
            Inputs = new Dictionary<string, double[][]>
            {
                ["q"] = Rows(queries.Count, t => problem.Q.AsSpan(problem.QueryRow(batch, h, start + queries.From + t), problem.HeadDim)),
                ["k"] = Rows(keys.Count, s => problem.K.AsSpan(problem.KeyRow(batch, h, keyStart + keys.From + s), problem.HeadDim)),
                ["v"] = Rows(keys.Count, s => problem.V.AsSpan(problem.ValueRow(batch, h, keyStart + keys.From + s), problem.ValueDim)),
            },
            Outputs = new Dictionary<string, double[][]> { ["o"] = o },
            Matrices = new Dictionary<string, Func<int, int, double>> { ["proj"] = (m, d) => problem.P(h, m, d), ["projk"] = (m, d) => problem.P(h, m, d, ofKeys: true) },
            Numbers = new Dictionary<string, double[]> { ["gate"] = problem.LogGates.Length == 0 ? [] : [.. Enumerable.Range(queries.From, queries.Count).Select(t => problem.LogGates[problem.Gate(batch, h, start + t)])] },
            Parameters = new Dictionary<string, double> { ["slope"] = slopes.Length == 0 ? double.NaN : slopes[h] },
            Flags = Enumerable.Range(keys.From, keys.Count).Select(s => !problem.IsMasked(batch, keyStart + s)).ToArray(),
        };
    }

    private static double[][] Rows(int count, Func<int, Span<double>> row) => Enumerable.Range(0, count).Select(i => row(i).ToArray()).ToArray();

    private static double[][] Poisoned(int count, int width) =>
        Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(double.NaN, width).ToArray()).ToArray();
}
