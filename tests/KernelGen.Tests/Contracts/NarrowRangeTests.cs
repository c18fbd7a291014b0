using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Contracts;

/// <summary>The ends of the 16-bit formats' ranges.</summary>
[Trait("Suite", "Levels")]
public class NarrowRangeTests
{
    private static readonly Declaration s_half = ContractVariants.Narrow[5];

    /// <summary>Neither map nor normaliser: with a slope of zero, outputs are sums of (q.k) v.</summary>
    private static readonly Declaration s_brain = ContractVariants.Narrow[2];

    /// <summary>A normalised output is a mean of values: of equal ones those themselves, up to the largest and down to the smallest number.</summary>
    [Theory]
    [InlineData(65504.0)]
    [InlineData(-65504.0)]
    [InlineData(0.000060975551605224609)]
    [InlineData(5.9604644775390625e-8)]
    public void Forward_ValuesAtTheEndsOfTheRange_ComeBack(double value)
    {
        RunnableVariant kernels = ContractVariants.Of(s_half.ToString()).Kernels;
        AttentionProblem problem = Constant(s_half, 5, query: 1, key: 1, value);

        Assert.All(Levels.Supported, level => Assert.All(kernels.Forward(problem, level).Output, o => Assert.Equal(value, o)));
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.NaN)]
    public void Forward_NoNumbers_PassThrough(double value)
    {
        RunnableVariant kernels = ContractVariants.Of(s_half.ToString()).Kernels;
        AttentionProblem problem = Constant(s_half, 5, query: 1, key: 1, value);

        Assert.All(Levels.Supported, level => Assert.All(kernels.Forward(problem, level).Output, o => Assert.Equal(value, o)));
    }

    /// <summary>Gradients of values are sums over queries, which float holds and float16 does not.</summary>
    [Fact]
    public void Backward_SumsBeyondFloat16_AreInfinite()
    {
        RunnableVariant kernels = ContractVariants.Of(s_half.ToString()).Kernels;
        AttentionProblem call = Constant(s_half, 5, query: 1, key: 1, value: 1);
        GradientProblem problem = new(call, Filled(call.OutputLength, 60000), [], []);

        Assert.All(Levels.Supported, level => Assert.All(kernels.Backward(problem with { Output = Filled(call.OutputLength, -60000) }, level).Values, dv => Assert.InRange(dv, -65504, -59000)));
        Assert.All(Levels.Supported, level => Assert.All(kernels.Backward(problem with { Call = call with { Shape = call.Shape with { KeyLength = 1 }, K = call.K[..64], V = call.V[..33] } }, level).Values, dv => Assert.Equal(double.PositiveInfinity, dv)));
    }

    /// <summary>bfloat16 has float's range: sums are what float makes of them, its denormals included.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1.1754943508222875e-38)]
    [InlineData(9.1835496157991212e-41)]
    public void Forward_SmallValuesInBFloat16_AreSummed(double value)
    {
        RunnableVariant kernels = ContractVariants.Of(s_brain.ToString()).Kernels;
        AttentionProblem problem = Constant(s_brain, 4, query: 1, key: 1.0 / 8, value) with { Slopes = [0] };
        foreach (InstructionSet level in Levels.Supported)
        {
            double[] output = kernels.Forward(problem, level).Output;
            for (int i = 0; i < output.Length; i++)
                Assert.Equal(3 * ((i / s_brain.ValueDim) + 1) * value, output[i]);
        }
    }

    private static AttentionProblem Constant(Declaration declaration, int tokens, double query, double key, double value) => new()
    {
        Shape = new AttentionShape(1, tokens, 1),
        HeadDim = declaration.HeadDim,
        ValueDim = declaration.ValueDim,
        Q = Filled(tokens * declaration.HeadDim, query),
        K = Filled(tokens * declaration.HeadDim, key),
        V = Filled(tokens * declaration.ValueDim, value),
    };

    private static double[] Filled(int length, double value) => Enumerable.Repeat(value, length).ToArray();
}
