using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Inputs that break attention that is written without care.</summary>
[Trait("Suite", "Levels")]
public class AdversarialTests
{
    private static readonly Declaration s_normalised = ContractVariants.Main[0];
    private static readonly Declaration s_fading = ContractVariants.Main[2];
    private static readonly Declaration s_lightning = ContractVariants.Main[3];
    private static readonly Declaration s_gated = ContractVariants.Main[5];

    [Fact]
    public void Forward_AllKeysEqual_AgreesWithTheEquations() =>
        Check(s_normalised, problem => problem with { K = Array.ConvertAll(problem.K, _ => 0.75) });

    [Theory]
    [InlineData(-30)]
    [InlineData(-86)]
    [InlineData(-1000)]
    public void Forward_VeryNegativeKeys_DenominatorIsEpsilon(double key) =>
        Check(s_normalised, problem => problem with { K = Array.ConvertAll(problem.K, _ => key) }, smallest: 1e-30);

    [Fact]
    public void Forward_VeryNegativeQueriesAndKeys_FiniteZeros()
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(s_normalised.ToString());
        AttentionProblem problem = Problem(declaration);
        problem = problem with { Q = Array.ConvertAll(problem.Q, _ => -1000.0), K = Array.ConvertAll(problem.K, _ => -1000.0) };

        Assert.All(Levels.Supported, level => Assert.All(kernels.Forward(problem, level).Output, o => Assert.Equal(0.0, o)));
    }

    [Fact]
    public void Forward_EveryKeyMasked_OutputIsZero()
    {
        (Declaration declaration, RunnableVariant kernels) = ContractVariants.Of(s_normalised.ToString());
        AttentionProblem problem = new RandomProblem(declaration, 3).WithMask(Problem(declaration), KeyPadding.All);

        Assert.All(Levels.Supported, level => Assert.All(kernels.Forward(problem, level).Output, o => Assert.Equal(0.0, o)));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-4)]
    [InlineData(3.0)]
    [InlineData(90.0)]
    [InlineData(200.0)]
    [InlineData(1e30)]
    public void Forward_AnySlope_AgreesWithTheEquations(double slope)
    {
        foreach (Declaration declaration in new[] { s_fading, s_lightning })
            Check(declaration, problem => problem with { Slopes = Array.ConvertAll(problem.Slopes, _ => declaration.Rounded(slope)) });
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1e-4)]
    [InlineData(-3.0)]
    [InlineData(-90.0)]
    [InlineData(-200.0)]
    [InlineData(double.NegativeInfinity)]
    public void Forward_AnyGate_AgreesWithTheEquations(double gate) =>
        Check(s_gated, problem => problem with { LogGates = Array.ConvertAll(problem.LogGates, _ => s_gated.Rounded(gate)) });

    /// <summary>Sums of gates grow to thousands within a chunk, and differences of a few hundredths between them count.</summary>
    [Fact]
    public void Forward_WeakGatesBetweenTokensThatForget_AgreesWithTheEquations() =>
        Check(s_gated, problem => problem with { LogGates = [.. problem.LogGates.Select((_, i) => s_gated.Rounded(i % 5 == 0 ? -1e6 : -0.01 * (i % 7)))] });

    [Fact]
    public void Forward_SlopesApart_NoHeadFeelsAnothers() =>
        Check(s_lightning, problem => problem with { Slopes = [0, 1000] });

    private static AttentionProblem Problem(Declaration declaration)
    {
        RandomProblem random = new(declaration, 53);
        return random.Of(new AttentionShape(1, 150, 2)) with { WantsFinalState = true };
    }

    /// <param name="declaration">One of the main variants.</param>
    /// <param name="change">What makes the problem hard.</param>
    /// <param name="smallest">Numbers below this may become 0: a factor that is no normal number does.</param>
    private static void Check(Declaration declaration, Func<AttentionProblem, AttentionProblem> change, double smallest = 0)
    {
        RunnableVariant kernels = ContractVariants.Of(declaration.ToString()).Kernels;
        AttentionProblem problem = change(Problem(declaration));
        AttentionResult expected = Flushed(NaiveReference.Run(declaration, problem), smallest);
        foreach (InstructionSet level in Levels.Supported)
            RelativeError.AssertAtMost(1e-6, expected, Flushed(kernels.Forward(problem, level), smallest), $"{level}, {declaration}");
    }

    private static AttentionResult Flushed(AttentionResult result, double smallest)
    {
        return new(Flush(result.Output), Flush(result.FinalState), Flush(result.FinalNormalizer));

        double[] Flush(double[] values) => Array.ConvertAll(values, x => Math.Abs(x) < smallest ? 0 : x);
    }
}
