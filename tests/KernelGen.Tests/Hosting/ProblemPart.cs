namespace KernelGen.Tests.Hosting;

/// <summary>
/// Part of a problem as a problem of its own: some batch entries, in any order; a run of queries and one of keys; in either layout. Kernels
/// must give a part the bits that it has in the whole.
/// </summary>
internal sealed record ProblemPart(int[] Batches, int From, int Count, int KeyFrom, int KeyCount, TensorLayout Layout)
{
    public static ProblemPart Whole(AttentionProblem problem) =>
        new(Enumerable.Range(0, problem.Shape.Batch).ToArray(), 0, problem.Shape.Length, 0, problem.KeyLength, problem.Shape.Layout);

    /// <summary>Tokens of a causal problem.</summary>
    public static ProblemPart Tokens(AttentionProblem problem, int from, int count) =>
        Whole(problem) with { From = from, Count = count, KeyFrom = from, KeyCount = count };

    /// <summary>One sequence of a packed problem.</summary>
    public static ProblemPart Sequence(AttentionProblem problem, int sequence)
    {
        (int batch, int start, int length, int keyStart, int keyLength) = problem.Range(sequence);
        return Whole(problem) with { Batches = [batch], From = start, Count = length, KeyFrom = keyStart, KeyCount = keyLength };
    }

    /// <summary>The part's inputs; states are those of its sequences, from <paramref name="firstSequence"/> on where the problem is packed.</summary>
    public AttentionProblem Of(AttentionProblem whole, int? firstSequence = null)
    {
        AttentionProblem part = whole with
        {
            Shape = whole.Shape with { Batch = Batches.Length, Length = Count, KeyLength = KeyCount == Count ? 0 : KeyCount, Layout = Layout },
            CuSeqlens = [],
            KeyCuSeqlens = [],
            Q = new double[Batches.Length * Count * whole.Shape.Heads * whole.HeadDim],
            K = new double[Batches.Length * KeyCount * whole.KeyValueHeads * whole.HeadDim],
            V = new double[Batches.Length * KeyCount * whole.KeyValueHeads * whole.ValueDim],
            KeyMask = whole.KeyMask.Length == 0 ? [] : Batches.SelectMany(b => whole.KeyMask.Skip((b * whole.KeyLength) + KeyFrom).Take(KeyCount)).ToArray(),
            LogGates = new double[whole.LogGates.Length == 0 ? 0 : Batches.Length * Count * whole.Shape.Heads],
            InitialState = States(whole, whole.InitialState, firstSequence),
            InitialNormalizer = States(whole, whole.InitialNormalizer, firstSequence),
        };
        for (int b = 0; b < Batches.Length; b++)
        {
            for (int h = 0; h < whole.Shape.Heads; h++)
            {
                for (int t = 0; t < Count; t++)
                {
                    Row(whole.Q, whole.QueryRow(Batches[b], h, From + t), part.Q, part.QueryRow(b, h, t), whole.HeadDim);
                    if (part.LogGates.Length > 0)
                        Row(whole.LogGates, whole.Gate(Batches[b], h, From + t), part.LogGates, part.Gate(b, h, t), 1);
                }

                for (int s = 0; s < KeyCount; s++)
                {
                    Row(whole.K, whole.KeyRow(Batches[b], h, KeyFrom + s), part.K, part.KeyRow(b, h, s), whole.HeadDim);
                    Row(whole.V, whole.ValueRow(Batches[b], h, KeyFrom + s), part.V, part.ValueRow(b, h, s), whole.ValueDim);
                }
            }
        }

        return part;
    }

    /// <summary>The part's inputs of a backward call.</summary>
    public GradientProblem Of(GradientProblem whole, int? firstSequence = null) => new(
        Of(whole.Call, firstSequence), Output(whole.Call, whole.Output), States(whole.Call, whole.FinalState, firstSequence), States(whole.Call, whole.FinalNormalizer, firstSequence));

    /// <summary>What the whole's output has of the part, in the part's order.</summary>
    public double[] Output(AttentionProblem whole, double[] output) => Tokens(whole, output, (p, b, h, t) => p.OutputRow(b, h, t), From, Count, whole.Shape.Heads, whole.ValueDim);

    /// <summary>What the whole's gradients have of the part; those of slopes are sums over all sequences, and left out.</summary>
    public GradientResult Gradients(AttentionProblem whole, GradientResult gradients, int? firstSequence = null) => new(
        Tokens(whole, gradients.Queries, (p, b, h, t) => p.QueryRow(b, h, t), From, Count, whole.Shape.Heads, whole.HeadDim),
        Tokens(whole, gradients.Keys, (p, b, h, t) => p.KeyRow(b, h, t), KeyFrom, KeyCount, whole.KeyValueHeads, whole.HeadDim),
        Tokens(whole, gradients.Values, (p, b, h, t) => p.ValueRow(b, h, t), KeyFrom, KeyCount, whole.KeyValueHeads, whole.ValueDim),
        States(whole, gradients.State, firstSequence),
        States(whole, gradients.Normalizer, firstSequence))
    {
        LogGates = gradients.LogGates.Length == 0 ? [] : Tokens(whole, gradients.LogGates, (p, b, h, t) => p.Gate(b, h, t), From, Count, whole.Shape.Heads, 1),
    };

    /// <summary>Rows of the part's tokens, in the part's order; every query head names the rows that it reads.</summary>
    private double[] Tokens(AttentionProblem whole, double[] source, Func<AttentionProblem, int, int, int, int> row, int from, int count, int heads, int width)
    {
        AttentionProblem part = Of(whole with { InitialState = [], InitialNormalizer = [] });
        double[] rows = new double[Batches.Length * count * heads * width];
        for (int b = 0; b < Batches.Length; b++)
        {
            for (int h = 0; h < whole.Shape.Heads; h++)
            {
                for (int t = 0; t < count; t++)
                    Row(source, row(whole, Batches[b], h, from + t), rows, row(part, b, h, t), width);
            }
        }

        return rows;
    }

    /// <summary>What plain states or normalisers have of the part.</summary>
    public double[] States(AttentionProblem whole, double[] states, int? firstSequence = null)
    {
        if (states.Length == 0)
            return [];
        int length = states.Length / whole.Sequences;
        return Batches.SelectMany(b => states.Skip((firstSequence ?? b) * length).Take(length)).ToArray();
    }

    private static void Row(double[] source, int from, double[] destination, int to, int width) => source.AsSpan(from, width).CopyTo(destination.AsSpan(to));
}
