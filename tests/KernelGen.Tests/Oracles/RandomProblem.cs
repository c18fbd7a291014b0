using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>Problems with fresh random numbers, which the declaration's element type holds exactly: references and kernels see the same inputs.</summary>
internal sealed class RandomProblem(Declaration declaration, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Queries, keys and values from a standard normal distribution; slopes, where the call has to bring them, from 0 up; gates of every strength; an odd number of heads have projections of their own.</summary>
    public AttentionProblem Of(AttentionShape shape)
    {
        int keyLength = shape.KeyLength == 0 ? shape.Length : shape.KeyLength;
        int keyHeads = shape.KeyValueHeads == 0 ? shape.Heads : shape.KeyValueHeads;
        return new AttentionProblem
        {
            Shape = shape,
            HeadDim = declaration.HeadDim,
            FeatureDim = declaration.FeatureDim,
            ProjectedDim = declaration.ProjectedDim,
            ProjectionBias = Bias(shape.Heads, declaration.Learned is { Bias: true }),
            KeyProjection = Matrix(shape.Heads, declaration.Learned is { HasKeyProjection: true }),
            KeyProjectionBias = Bias(shape.Heads, declaration.Learned is { Bias: true, HasKeyProjection: true }),
            Projection = Matrix(shape.Heads, declaration.Random is not null || declaration.Learned is not null),
            ValueDim = declaration.ValueDim,
            Q = Normal(shape.Batch * shape.Length * shape.Heads * declaration.HeadDim),
            K = Normal(shape.Batch * keyLength * keyHeads * declaration.HeadDim),
            V = Normal(shape.Batch * keyLength * keyHeads * declaration.ValueDim),
            Slopes = declaration.Decay == Decay.PerHead ? Numbers(shape.Heads, () => 0.5 * _random.NextDouble()) : [],
            LogGates = declaration.IsGated ? Numbers(shape.Batch * shape.Length * shape.Heads, LogGate) : [],
        };
    }

    private double[] Matrix(int heads, bool exists) => exists ? Normal((heads % 2 == 0 ? 1 : heads) * declaration.ProjectedDim * declaration.HeadDim) : [];

    private double[] Bias(int heads, bool exists) => exists ? Normal((heads % 2 == 0 ? 1 : heads) * declaration.ProjectedDim) : [];

    /// <summary>The same problem, continuing a state (of keys that a map could have made: not negative where normalised), and asking for the last one.</summary>
    public AttentionProblem WithStates(AttentionProblem problem)
    {
        int rows = problem.Sequences * problem.Shape.Heads * declaration.FeatureDim;
        if (!declaration.HasPlainStates)
            return problem;
        return problem with
        {
            InitialState = Normal(rows * declaration.ValueDim),
            InitialNormalizer = declaration.IsNormalized ? Numbers(rows, () => 5 * _random.NextDouble()) : [],
            WantsFinalState = true,
        };
    }

    /// <summary>The same problem with some keys masked; theirs and their values' numbers are NaN, which must reach nothing.</summary>
    public AttentionProblem WithMask(AttentionProblem problem, KeyPadding padding)
    {
        bool[] mask = new bool[problem.Shape.Batch * problem.KeyLength];
        for (int b = 0; b < problem.Shape.Batch; b++)
        {
            int real = _random.Next(problem.KeyLength + 1);
            for (int s = 0; s < problem.KeyLength; s++)
            {
                mask[(b * problem.KeyLength) + s] = padding switch
                {
                    KeyPadding.Left => s >= problem.KeyLength - real,
                    KeyPadding.Right => s < real,
                    KeyPadding.All => false,
                    _ => _random.Next(2) == 0,
                };
            }
        }

        AttentionProblem masked = problem with { KeyMask = mask, K = [.. problem.K], V = [.. problem.V] };
        for (int b = 0; b < problem.Shape.Batch; b++)
        {
            foreach (int s in Enumerable.Range(0, problem.KeyLength).Where(s => masked.IsMasked(b, s)))
                PoisonKey(masked, b, s);
        }

        return masked;
    }

    /// <summary>Makes one key token's rows NaN, in every head.</summary>
    public static void PoisonKey(AttentionProblem problem, int batch, int token)
    {
        for (int h = 0; h < problem.Shape.Heads; h++)
        {
            problem.K.AsSpan(problem.KeyRow(batch, h, token), problem.HeadDim).Fill(double.NaN);
            problem.V.AsSpan(problem.ValueRow(batch, h, token), problem.ValueDim).Fill(double.NaN);
        }
    }

    /// <summary>Cuts of a number of tokens into sequences, some of which are empty.</summary>
    public int[] Cuts(int tokens, int sequences)
    {
        int[] cuts = [0, .. Enumerable.Range(1, sequences - 1).Select(_ => _random.Next(tokens + 1)).Order(), tokens];
        cuts[sequences / 2] = cuts[(sequences / 2) + 1];
        return cuts;
    }

    public double[] Normal(int count) =>
        Numbers(count, () => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    /// <summary>Mostly weak, some strong, now and then none (which a convex gate would weigh by nothing, and have no quotient for), and one that forgets everything.</summary>
    private double LogGate() => _random.Next(40) switch { 0 => declaration.Decay == Decay.Convex ? -0.001 : 0, 1 => -1000, 2 or 3 => -20 * _random.NextDouble(), _ => Math.Log(0.5 + (0.5 * _random.NextDouble())) };

    private double[] Numbers(int count, Func<double> next) => Enumerable.Range(0, count).Select(_ => declaration.Rounded(next())).ToArray();
}

/// <summary>Where the keys that are not real lie.</summary>
internal enum KeyPadding
{
    Left,
    Right,
    Scattered,
    All,
}
