using KernelGen.Tests.Golden;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Dense;

/// <summary>Dense layers against the double reference at every level, and the promises about their bits.</summary>
public sealed class DenseLayerTests
{
    private static readonly int[] s_tokens = [1, 2, 13, 97, 200];

    public static TheoryData<string> Names => [.. Layer.All.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_EveryLevel_AgreesWithTheReference(string name)
    {
        Layer layer = Layer.Of(name);
        foreach (int tokens in s_tokens)
        {
            DenseProblem problem = new(layer, tokens);
            double[] expected = problem.Outputs();
            foreach (InstructionSet level in Levels.Supported)
            {
                double error = ScaledError.Of(layer.Forward(problem, new() { Cap = level }), expected);
                Assert.True(error < (layer.IsDouble ? 1e-13 : 3e-6), $"{level}, {tokens} tokens: {error:E2}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_EveryLevel_AgreesWithTheReference(string name)
    {
        Layer layer = Layer.Of(name);
        foreach (int tokens in new[] { 1, 13, 300, 1100 })
        {
            DenseProblem problem = new(layer, tokens);
            DenseGradients expected = problem.Gradients();
            foreach (InstructionSet level in Levels.Supported)
            {
                DenseGradients actual = layer.Backward(problem, new() { Cap = level });
                foreach ((double[] a, double[] e) in new[] { (actual.X, expected.X), (actual.Weights, expected.Weights), (actual.Bias, expected.Bias) })
                {
                    double error = ScaledError.Of(a, e);
                    Assert.True(error < (layer.IsDouble ? 1e-13 : 5e-6), $"{level}, {tokens} tokens: {error:E2}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reference_Gradients_AreDifferencesOfItsOutputs(string name)
    {
        Layer layer = Layer.Of(name);
        DenseProblem problem = new(layer, 3);
        DenseGradients gradients = problem.Gradients();
        Check(problem.X, gradients.X);
        Check(problem.Weights, gradients.Weights);
        Check(problem.Bias, gradients.Bias);

        void Check(double[] parameter, double[] gradient) => ParameterDifferences.Check(parameter, gradient, Loss, elements: 40);

        double Loss() => problem.Outputs().Zip(problem.OutputGradient, (y, dy) => y * dy).Sum();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_AnyFusedLevelAndThreads_AreTheSame(string name)
    {
        Layer layer = Layer.Of(name);
        foreach (int tokens in new[] { 5, 300, 600 })
        {
            DenseProblem problem = new(layer, tokens);
            double[] outputs = layer.Forward(problem, new() { MaxDegreeOfParallelism = 1 }), gradients = layer.Backward(problem, new() { MaxDegreeOfParallelism = 1 }).All;
            foreach (InstructionSet level in Levels.Fused)
            {
                foreach (int threads in new[] { 1, 3 })
                {
                    DenseOptions options = new() { Cap = level, MaxDegreeOfParallelism = threads, SharesSmallCalls = true };
                    Assert.Equal(outputs, layer.Forward(problem, options));
                    Assert.Equal(gradients, layer.Backward(problem, options).All);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_ATokenAlone_HasTheBitsItHasAmongOthers(string name)
    {
        Layer layer = Layer.Of(name);
        DenseProblem problem = new(layer, 110);
        int outputs = layer.Info.Outputs;
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] whole = layer.Forward(problem, new() { Cap = level });
            foreach ((int first, int count) in new[] { (0, 1), (57, 1), (109, 1), (3, 2), (90, 20) })
                Assert.Equal(whole[(first * outputs)..((first + count) * outputs)], layer.Forward(problem.Slice(first, count), new() { Cap = level }));
        }
    }

    [Fact]
    public void Repack_ChangedWeights_AreThoseOfANewPack()
    {
        Layer<float> layer = (Layer<float>)Layer.Of("gated");
        DenseProblem first = new(layer, 4), second = new(layer, 5);
        DenseWeights<float> weights = layer.Packed(first, forTraining: true);
        weights.Repack(Singles(second.Weights), Singles(second.Bias));
        float[] y = new float[5 * layer.Info.Outputs];
        layer.Run(Singles(second.X), weights, y, 5, default);
        Assert.Equal(layer.Forward(second, default), y.Select(v => (double)v));

        static float[] Singles(double[] values) => values.Select(v => (float)v).ToArray();
    }

    [Fact]
    public void Backward_UnwantedGradients_MayBeEmpty()
    {
        Layer<float> layer = (Layer<float>)Layer.Of("deep");
        DenseProblem problem = new(layer, 20);
        DenseGradients all = layer.Backward(problem, default);
        float[] x = problem.X.Select(v => (float)v).ToArray(), dy = problem.OutputGradient.Select(v => (float)v).ToArray(), dW = new float[problem.Weights.Length];
        Deep.Backward(x, layer.Packed(problem, forTraining: true), dy, [], dW, [], 20);
        Assert.Equal(all.Weights, dW.Select(v => (double)v));
    }

    [Fact]
    public void Info_OfALayer_SaysItsSizes()
    {
        Assert.Equal((600, 67, 2L * 600 * 67), (Deep.Info.Inputs, Deep.Info.Outputs, Deep.Info.FlopsPerToken));
        Assert.Contains("y = z / (1 + exp(-z)), z = x W^T + b", Deep.Info.ToString(), StringComparison.Ordinal);
    }
}
