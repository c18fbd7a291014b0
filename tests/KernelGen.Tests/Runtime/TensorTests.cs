using System.Numerics.Tensors;
using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

public class TensorTests
{
    [Theory]
    [InlineData(TensorLayout.SequenceFirst)]
    [InlineData(TensorLayout.HeadFirst)]
    public void Forward_Tensors_SameBitsAsSpans(TensorLayout layout)
    {
        var problem = new Problem<CrossFloat, float>(new AttentionShape(2, 6, 4) { KeyValueHeads = 2, KeyLength = 9, Layout = layout }).WithMask();
        problem.Run();
        float[] o = new float[problem.O.Length];

        StateDriver.Forward<ScalarKernel<CrossFloat, float>, float>(
            new ReadOnlyTensorSpan<float>(problem.Q, Lengths(6, 4, 5)),
            new ReadOnlyTensorSpan<float>(problem.K, Lengths(9, 2, 5)),
            new ReadOnlyTensorSpan<float>(problem.V, Lengths(9, 2, 3)),
            new TensorSpan<float>(o, Lengths(6, 4, 3)),
            problem.Options,
            layout);

        Agreement.Same(problem.O, o);

        nint[] Lengths(nint tokens, nint heads, nint width) => layout == TensorLayout.HeadFirst ? [2, heads, tokens, width] : [2, tokens, heads, width];
    }

    [Fact]
    public void Forward_OneTokenViewOfALongerTensor_Accepted()
    {
        // Strides of dimensions of length 1 say nothing.
        float[] x = new float[5];
        float[] o = Problem<EluFloat, float>.Poison(3);
        Run([1, 1, 1, 5], [1, 1, 1, 5], [1, 1, 1, 3], [1, 1, 1, 3], x, o);

        Assert.All(o, value => Assert.False(float.IsNaN(value)));
    }

    [Fact]
    public void Forward_NoTokens_Accepted() => Run([2, 0, 2, 5], [2, 0, 2, 5], [2, 0, 2, 3], [2, 0, 2, 3], [], []);

    [Fact]
    public void Forward_WrongTensors_RefusedByName()
    {
        Refused("q", "q: expected rank 4, got rank 3", [2, 6, 10], [2, 6, 2, 5], [2, 6, 2, 3], [2, 6, 2, 3]);
        Refused("k", "k: expected rank 4, got rank 2", [2, 6, 2, 5], [2, 60], [2, 6, 2, 3], [2, 6, 2, 3]);
        Refused("v", "v: expected rank 4, got rank 1", [2, 6, 2, 5], [2, 6, 2, 5], [72], [2, 6, 2, 3]);
        Refused("q", "q: expected [2, 6, 2, 5] (as q, k and the declaration say), got [2, 6, 2, 4]", [2, 6, 2, 4], [2, 6, 2, 5], [2, 6, 2, 3], [2, 6, 2, 3]);
        Refused("k", "k: expected [2, 7, 2, 5] (as q, k and the declaration say), got [1, 7, 2, 5]", [2, 6, 2, 5], [1, 7, 2, 5], [2, 6, 2, 3], [2, 6, 2, 3]);
        Refused("v", "v: expected [2, 6, 2, 3] (as q, k and the declaration say), got [2, 5, 2, 3]", [2, 6, 2, 5], [2, 6, 2, 5], [2, 5, 2, 3], [2, 6, 2, 3]);
        Refused("o", "o: expected [2, 6, 2, 3] (as q, k and the declaration say), got [2, 6, 3, 3]", [2, 6, 2, 5], [2, 6, 2, 5], [2, 6, 2, 3], [2, 6, 3, 3]);
        Refused("k", "k: expected a number of heads that divides q's 2, got 4", [2, 6, 2, 5], [2, 6, 4, 5], [2, 6, 4, 3], [2, 6, 2, 3]);
        Refused("k", "k: expected at least one token, got none", [2, 6, 2, 5], [2, 0, 2, 5], [2, 0, 2, 3], [2, 6, 2, 3]);
        Refused("shape.KeyLength", "EluFloat is causal", [2, 6, 2, 5], [2, 7, 2, 5], [2, 7, 2, 3], [2, 6, 2, 3]);

        static void Refused(string name, string message, nint[] q, nint[] k, nint[] v, nint[] o)
        {
            float[] outputs = Problem<EluFloat, float>.Poison(200);
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => Run(q, k, v, o, new float[300], outputs));
            Assert.Equal(name, error.ParamName);
            Assert.Contains(message, error.Message);
            Assert.All(outputs, x => Assert.True(float.IsNaN(x)));
        }
    }

    [Fact]
    public void Forward_TensorWithGaps_Refused()
    {
        float[] x = new float[200];
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(
            new ReadOnlyTensorSpan<float>(x, [2, 2, 2, 5], [40, 20, 8, 1]),
            new ReadOnlyTensorSpan<float>(x, [2, 2, 2, 5]),
            new ReadOnlyTensorSpan<float>(x, [2, 2, 2, 3]),
            new TensorSpan<float>(new float[24], [2, 2, 2, 3]),
            default,
            TensorLayout.SequenceFirst));

        Assert.Equal("q", error.ParamName);
        Assert.Contains("q: expected dense rows, stride 5 in dimension 2, got 8", error.Message);
    }

    private static void Run(nint[] q, nint[] k, nint[] v, nint[] o, float[] inputs, float[] outputs) =>
        StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(
            new ReadOnlyTensorSpan<float>(inputs, q),
            new ReadOnlyTensorSpan<float>(inputs, k),
            new ReadOnlyTensorSpan<float>(inputs, v),
            new TensorSpan<float>(outputs, o),
            default,
            TensorLayout.SequenceFirst);
}
