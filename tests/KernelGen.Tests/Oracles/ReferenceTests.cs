using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

public class ReferenceTests
{
    [Theory]
    [InlineData(Decay.None, 1e-6)]
    [InlineData(Decay.PerHead, 1e-6)]
    [InlineData(Decay.PerHead, null)]
    public void Recurrence_PairByPair_Agree(Decay decay, double? epsilon)
    {
        Declaration declaration = new() { HeadDim = 5, ValueDim = 3, DType = DType.Float64, Decay = decay, Epsilon = epsilon, Scale = 0.5 };
        AttentionProblem problem = new RandomProblem(declaration, 3).Of(new AttentionShape(1, 90, 1));

        double error = RelativeError.Rms(RecurrentReference.Output(declaration, problem), NaiveReference.Run(declaration, problem).Output);

        Assert.True(error < 1e-13, FormattableString.Invariant($"{error:E2}"));
    }

    [Fact]
    public void PublishedSlopes_SixHeads_AreThosePublished() =>
        Assert.Equal(new[] { -2.0, -4, -6, -8, -1, -3 }.Select(power => Math.Pow(2, power)), PublishedSlopes.Of(6));

    [Theory]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 1.0, 2, 3 }, 0)]
    [InlineData(new[] { 3.0, 4 }, new[] { 0.0, 5 }, 0.63245553203367577)]
    [InlineData(new[] { 0.0, 0 }, new[] { 0.0, 0 }, 0)]
    [InlineData(new[] { 1e-30, 0 }, new[] { 0.0, 0 }, double.PositiveInfinity)]
    [InlineData(new[] { double.NaN, 0 }, new[] { 1.0, 0 }, double.NaN)]
    public void Rms_KnownVectors_KnownError(double[] actual, double[] reference, double expected) =>
        Assert.Equal(expected, RelativeError.Rms(actual, reference), 1e-15);
}
