using KernelGen.Tests.Dense;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.TransNormer;

/// <summary>Gradients of a block against differences of its outputs, padding, decode, and the promises about bits.</summary>
public sealed class BlockTests
{
    private const int Embed = 21, Heads = 3, Hidden = 30, Glu = 35;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backward_EveryParameter_IsTheDifferenceOfOutputs(bool isMasked)
    {
        BlockProblem problem = Odd(2, 19, isMasked);
        Gradients gradients = Backward(problem, default);
        Check(problem.X, gradients.X);
        Check(problem.Qkvu, gradients.Qkvu);
        Check(problem.Output, gradients.Output);
        Check(problem.Gate, gradients.Gate);
        Check(problem.Up, gradients.Up);
        Check(problem.Down, gradients.Down);

        void Check(double[] parameter, double[] gradient) => ParameterDifferences.Check(parameter, gradient, Loss, elements: 30);

        double Loss() => Forward(problem, default).Zip(problem.OutputGradient, (y, dy) => y * dy).Sum();
    }

    [Fact]
    public void Forward_PaddedTokens_AddNothingToOthers()
    {
        BlockProblem problem = Odd(1, 30, isMasked: true);
        double[] y = Forward(problem, default);
        int padded = Array.IndexOf(problem.Mask, false);
        for (int i = padded * Embed; i < (padded + 1) * Embed; i++)
            problem.X[i] = -problem.X[i] + 1;
        double[] other = Forward(problem, default);
        Assert.NotEqual(y[(padded * Embed)..((padded + 1) * Embed)], other[(padded * Embed)..((padded + 1) * Embed)]);
        Assert.Equal(y[..(padded * Embed)], other[..(padded * Embed)]);
        Assert.Equal(y[((padded + 1) * Embed)..], other[((padded + 1) * Embed)..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Forward_PrefillThenSteps_HasTheBitsOfOneCall(int prompt)
    {
        BlockProblem problem = Odd(2, 37, isMasked: false);
        TransNormerWeights<double> weights = OddDouble.Pack(problem.Parameters);
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] whole = Forward(problem, new() { Cap = level });
            using AttentionState<double> state = OddDouble.CreateState(sequences: 2);
            double[] x = Enumerable.Range(0, 2).SelectMany(b => problem.X.Skip(b * 37 * Embed).Take(prompt * Embed)).ToArray(), y = new double[x.Length];
            OddDouble.Forward(x, weights, y, 2, prompt, new() { State = state, Cap = level });
            for (int b = 0; b < 2; b++)
                Assert.Equal(whole.Skip(b * 37 * Embed).Take(prompt * Embed), y.Skip(b * prompt * Embed).Take(prompt * Embed));
            for (int t = prompt; t < 37; t++)
            {
                double[] step = new double[2 * Embed];
                OddDouble.Forward(problem.Token(problem.X, t), weights, step, 2, 1, new() { State = state, Cap = level });
                Assert.Equal(problem.Token(whole, t), step);
            }
        }
    }

    [Fact]
    public void Bits_AnyFusedLevelAndThreads_AreTheSame()
    {
        BlockProblem problem = Odd(2, 300, isMasked: true);
        double[] y = Forward(problem, new() { MaxDegreeOfParallelism = 1 });
        double[] gradients = Backward(problem, new() { MaxDegreeOfParallelism = 1 }).All;
        foreach (InstructionSet level in Levels.Fused)
        {
            foreach (int threads in new[] { 1, 3 })
            {
                Assert.Equal(y, Forward(problem, new() { Cap = level, MaxDegreeOfParallelism = threads, SharesSmallCalls = true }));
                Assert.Equal(gradients, Backward(problem, new() { Cap = level, MaxDegreeOfParallelism = threads, SharesSmallCalls = true }).All);
            }
        }
    }

    [Fact]
    public void Calls_WrongArguments_NameThem()
    {
        BlockProblem problem = Odd(1, 4, isMasked: false);
        TransNormerWeights<double> weights = OddDouble.Pack(problem.Parameters), training = OddDouble.Pack(problem.Parameters, forTraining: true);
        double[] y = new double[problem.X.Length], dx = new double[problem.X.Length];
        TransNormerActivations<double> activations = new();
        Refuses("parameters.Down", "21*35 = 735 elements ([E, G]), got 3", () => OddDouble.Pack(new() { Qkvu = problem.Qkvu, Output = problem.Output, Gate = problem.Gate, Up = problem.Up, Down = new double[3], Slopes = problem.Slopes }));
        Refuses("parameters.Slopes", "3 elements ([H]), got 0", () => OddDouble.Pack(new() { Qkvu = problem.Qkvu, Output = problem.Output, Gate = problem.Gate, Up = problem.Up, Down = problem.Down }));
        Refuses("x", "1*5*21 = 105 elements ([B, T, E]), got 84", () => OddDouble.Forward(problem.X, weights, y, 1, 5));
        Refuses("y", "does not overlap x", () => OddDouble.Forward(problem.X, weights, problem.X, 1, 4));
        Refuses("options.KeyMask", "got 3", () => OddDouble.Forward(problem.X, weights, y, 1, 4, new() { KeyMask = new bool[3] }));
        Refuses("options.State", "expected 1 sequences, as the call has, got 2", () => OddDouble.Forward(problem.X, weights, y, 1, 4, new() { State = OddDouble.CreateState(2) }));
        Refuses("activations", "a finished forward call of KernelGen.Tests.TransNormer.OddDouble, got none", () => OddDouble.Backward(problem.X, training, activations, problem.OutputGradient, dx, default));
        OddDouble.Forward(problem.X, weights, y, 1, 4, new() { Activations = activations });
        Refuses("weights", "packed with forTraining", () => OddDouble.Backward(problem.X, weights, activations, problem.OutputGradient, dx, default));
        Refuses("gradients.Up", "got 1", () => OddDouble.Backward(problem.X, training, activations, problem.OutputGradient, dx, new() { Up = new double[1] }));
        Assert.All(dx, v => Assert.Equal(0, v));
    }

    [Fact]
    public void Single_OddGlu_IsCloseToItselfAtEveryLevel()
    {
        BlockProblem problem = new(1, 40, 64, 2, 64, 67, isMasked: false);
        TransNormerParameters<float> parameters = new() { Qkvu = Of(problem.Qkvu), Output = Of(problem.Output), Gate = Of(problem.Gate), Up = Of(problem.Up), Down = Of(problem.Down), Slopes = Of(problem.Slopes) };
        TransNormerWeights<float> weights = PlainSingle.Pack(parameters);
        float[]? first = null;
        foreach (InstructionSet level in Levels.Fused)
        {
            GuardedBuffer<float> y = new("y", problem.X.Length);
            PlainSingle.Forward(Of(problem.X), weights, y.Span, 1, 40, new() { Cap = level });
            Assert.DoesNotContain(y.Read(), double.IsNaN);
            Assert.Equal(first ??= y.Span.ToArray(), y.Span.ToArray());
        }

        static float[] Of(double[] values) => values.Select(v => (float)v).ToArray();
    }

    private static BlockProblem Odd(int batch, int length, bool isMasked) => new(batch, length, Embed, Heads, Hidden, Glu, isMasked);

    private static double[] Forward(BlockProblem problem, TransNormerOptions<double> options)
    {
        GuardedBuffer<double> y = new("y", problem.X.Length);
        OddDouble.Forward(problem.X, OddDouble.Pack(problem.Parameters), y.Span, problem.Batch, problem.Length, With(problem, options));
        return y.Read();
    }

    private static Gradients Backward(BlockProblem problem, TransNormerOptions<double> options)
    {
        TransNormerWeights<double> weights = OddDouble.Pack(problem.Parameters, forTraining: true);
        TransNormerActivations<double> activations = new();
        double[] y = new double[problem.X.Length];
        OddDouble.Forward(problem.X, weights, y, problem.Batch, problem.Length, With(problem, options, activations));
        GuardedBuffer<double> dx = new("dx", y.Length), qkvu = new("qkvu", problem.Qkvu.Length), output = new("output", problem.Output.Length);
        GuardedBuffer<double> gate = new("gate", problem.Gate.Length), up = new("up", problem.Up.Length), down = new("down", problem.Down.Length);
        OddDouble.Backward(
            problem.X, weights, activations, problem.OutputGradient, dx.Span, new() { Qkvu = qkvu.Span, Output = output.Span, Gate = gate.Span, Up = up.Span, Down = down.Span }, With(problem, options));
        return new Gradients(dx.Read(), qkvu.Read(), output.Read(), gate.Read(), up.Read(), down.Read());
    }

    private static TransNormerOptions<double> With(BlockProblem problem, TransNormerOptions<double> options, TransNormerActivations<double>? activations = null) => new()
    {
        KeyMask = problem.Mask,
        Activations = activations,
        Cap = options.Cap,
        MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
        SharesSmallCalls = options.SharesSmallCalls,
    };

    private static void Refuses(string name, string text, Action call)
    {
        ArgumentException fault = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal(name, fault.ParamName);
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
    }

    private sealed record Gradients(double[] X, double[] Qkvu, double[] Output, double[] Gate, double[] Up, double[] Down)
    {
        public double[] All => [.. X, .. Qkvu, .. Output, .. Gate, .. Up, .. Down];
    }
}
