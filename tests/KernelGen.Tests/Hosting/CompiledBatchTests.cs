using Xunit.Sdk;

namespace KernelGen.Tests.Hosting;

public class CompiledBatchTests
{
    [Fact]
    public void Compile_OneDeclaration_RunsAtEveryLevel()
    {
        Declaration declaration = new() { HeadDim = 2, ValueDim = 2, Epsilon = 0.5 };
        using CompiledBatch batch = CompiledBatch.Compile(nameof(CompiledBatchTests), [declaration]);
        AttentionProblem problem = new() { Shape = new AttentionShape(1, 2, 1), HeadDim = 2, ValueDim = 2, Q = [0, 0, 1, 0], K = [1, 1, 0, 0], V = [3, 5, 7, 9] };

        foreach (InstructionSet level in Levels.Supported)
        {
            double[] output = batch.Variant(declaration).Forward(problem, level).Output;

            // phi(0) = 1 and phi(1) = 2: weight 4 at token 0; 6 and 3 at token 1.
            Assert.Equal([4 * 3 / 4.5, 4 * 5 / 4.5, ((6 * 3) + (3 * 7)) / 9.5, ((6 * 5) + (3 * 9)) / 9.5], output, (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void Compile_WrongDeclaration_FailsWithTheAnalyzersWords()
    {
        Declaration declaration = new() { HeadDim = 0, ValueDim = 1 };

        XunitException failure = Assert.Throws<XunitException>(() => CompiledBatch.Compile(nameof(CompiledBatchTests), [declaration]));

        Assert.Contains("KG0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HeadDim = 0", failure.Message, StringComparison.Ordinal);
    }
}
