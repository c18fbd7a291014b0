using KernelGen.Generator.Tiles;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The programs mean what the equations say: interpreter against the naive reference.</summary>
public class TileInterpreterTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<int> Variants => [.. Enumerable.Range(0, OracleVariants.All.Count)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_AnyLength_AgreesWithTheEquations(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        InterpretedForward interpreted = new(declaration);
        int chunk = declaration.ChunkSize;
        foreach (int length in new[] { 0, 1, chunk - 1, chunk, chunk + 1, (3 * chunk) + 5 })
        {
            int seed = (variant * 1000) + length;
            RandomProblem random = new(declaration, seed);
            AttentionProblem problem = random.WithStates(random.Of(new AttentionShape(1, length, 2)));

            RelativeError.AssertAtMost(Tolerance, NaiveReference.Run(declaration, problem), interpreted.Run(problem), $"{declaration}, T {length}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_GroupedMaskedAndPacked_AgreesWithTheEquations(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        InterpretedForward interpreted = new(declaration);
        RandomProblem random = new(declaration, variant);
        int length = declaration.ChunkSize + 9;
        AttentionShape shape = new(2, length, 4) { KeyValueHeads = 2, KeyLength = declaration.Causal ? 0 : 21, Layout = TensorLayout.HeadFirst };
        AttentionProblem masked = random.WithMask(random.Of(shape), KeyPadding.Scattered);
        AttentionProblem packed = random.Of(new AttentionShape(1, length, 2)) with { CuSeqlens = random.Cuts(length, 4) };
        packed = random.WithStates(packed);

        RelativeError.AssertAtMost(Tolerance, NaiveReference.Run(declaration, masked), interpreted.Run(masked), $"{declaration}, seed {variant}");
        RelativeError.AssertAtMost(Tolerance, NaiveReference.Run(declaration, packed), interpreted.Run(packed), $"{declaration}, packed, seed {variant}");
    }

    [Fact]
    public void Run_ChunkSizes_Agree()
    {
        Declaration declaration = new() { HeadDim = 3, ValueDim = 2, DType = DType.Float64, Decay = Decay.PerHead };
        RandomProblem random = new(declaration, 5);
        AttentionProblem problem = random.WithStates(random.Of(new AttentionShape(1, 150, 2)));
        AttentionResult[] results = new[] { 16, 32, 48, 128 }.Select(chunk => new InterpretedForward(declaration with { ChunkSize = chunk }).Run(problem)).ToArray();

        foreach (AttentionResult result in results)
            RelativeError.AssertAtMost(Tolerance, results[0], result, declaration.ToString());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_ContinuedInPieces_SameBits(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        if (!declaration.Streams)
            return;
        InterpretedForward interpreted = new(declaration);
        int length = (2 * declaration.ChunkSize) + 7;
        AttentionProblem problem = new RandomProblem(declaration, variant).Of(new AttentionShape(1, length, 1));
        double[][] whole = interpreted.Continue(problem, 0, 0, new TileState(), 0, 0, length, fold: false);

        TileState state = new();
        int position = 0;
        foreach (int count in new[] { 1, 2, declaration.ChunkSize - 3, 5, declaration.ChunkSize, 2 })
        {
            double[][] piece = interpreted.Continue(problem, 0, 0, state, position % declaration.ChunkSize, position, count, fold: false);
            for (int t = 0; t < count; t++)
                Assert.Equal(whole[position + t], piece[t]);
            position += count;
        }

        Assert.Equal(length, position);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Run_CutAlongTheSequence_SameBitsAsTheSweep(int variant)
    {
        Declaration declaration = OracleVariants.All[variant];
        InterpretedForward interpreted = new(declaration);
        if (OracleVariants.IsStabilized(declaration))
        {
            // What a chunk adds is scaled by what came before it.
            Assert.Empty(interpreted.Windowed);
            return;
        }

        int whole = 4 * declaration.ChunkSize;
        AttentionProblem problem = new RandomProblem(declaration, variant).Of(new AttentionShape(1, whole, 1));
        TileState swept = new(), cut = new();
        double[][] expected = [];
        if (declaration.Causal)
            expected = interpreted.Continue(problem, 0, 0, swept, 0, 0, whole, fold: false);
        else
            interpreted.Accumulate(problem, 0, 0, swept, 0, whole);

        double[][] actual = [.. interpreted.Cut(problem, 0, 0, cut, 0, whole / 2), .. interpreted.Cut(problem, 0, 0, cut, whole / 2, whole / 2)];

        Assert.Equal(declaration.Causal ? 3 : 2, interpreted.Windowed.Count);
        Assert.Equal(expected, actual);
        Tile[] state = interpreted.Phases.First().AllOps.SelectMany(TileProgram.Writes).Where(t => t.Role == TileRole.State).Distinct().ToArray();
        Assert.All(state, tile => Assert.Equal(swept[tile], cut[tile]));
        Assert.Contains(state, tile => swept[tile].Cast<double>().Any(x => x != 0));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Phases_OfEveryVariant_PassTheVerifier(int variant) =>
        Assert.All(new InterpretedForward(OracleVariants.All[variant]).Phases, phase => Assert.Empty(TileVerifier.Verify(phase)));
}
