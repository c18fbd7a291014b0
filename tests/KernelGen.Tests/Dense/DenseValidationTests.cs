namespace KernelGen.Tests.Dense;

/// <summary>Wrong arguments: named, with what was expected and what came, and nothing written.</summary>
public sealed class DenseValidationTests
{
    private readonly float[] _x = new float[3 * 64];
    private readonly float[] _y = Enumerable.Repeat(7f, 3 * 64).ToArray();
    private readonly DenseWeights<float> _weights = Whole.Pack(new float[64 * 64], new float[64]);

    [Fact]
    public void Pack_WrongLengths_NamesThem()
    {
        Refuses("weights", "64*64 = 4096 elements ([outputs, inputs]), got 4000", () => Whole.Pack(new float[4000], new float[64]));
        Refuses("bias", "64 elements ([outputs]), got 0", () => Whole.Pack(new float[4096]));
        Refuses("bias", "expected nothing, the layer has no bias", () => Narrow.Pack(new float[13], new float[1]));
        Refuses("weights", "154*40 = 6160 elements ([2 outputs, inputs]), got 3080", () => Gated.Pack(new float[77 * 40], new float[154]));
        Refuses("weights", "got 1", () => _weights.Repack(new float[1], new float[64]));
    }

    [Fact]
    public void Forward_WrongArguments_NamesThemAndWritesNothing()
    {
        Refuses("x", "3*64 = 192 elements ([tokens, inputs]), got 100", () => Whole.Forward(_x.AsSpan(0, 100), _weights, _y, 3));
        Refuses("y", "got 128", () => Whole.Forward(_x, _weights, _y.AsSpan(0, 128), 3));
        Refuses("y", "does not overlap x", () => Whole.Forward(_x, _weights, _x, 3));
        Refuses("tokens", "at least 0, got -1", () => Whole.Forward(_x, _weights, _y, -1));
        Refuses("options.MaxDegreeOfParallelism", "at least 0, got -2", () => Whole.Forward(_x, _weights, _y, 3, new() { MaxDegreeOfParallelism = -2 }));
        Refuses("weights", "packed by KernelGen.Tests.Dense.Whole, got weights packed by KernelGen.Tests.Dense.Deep", () => Whole.Forward(_x, Deep.Pack(new float[600 * 67], new float[67]), _y, 3));
        Assert.Throws<ArgumentNullException>("weights", () => Whole.Forward(_x, null!, _y, 3));
        Assert.All(_y, v => Assert.Equal(7f, v));
    }

    [Fact]
    public void Backward_WrongArguments_NamesThemAndWritesNothing()
    {
        float[] dx = (float[])_y.Clone(), dW = new float[4096], db = new float[64], dy = new float[3 * 64];
        DenseWeights<float> weights = Whole.Pack(new float[64 * 64], new float[64], forTraining: true);
        Refuses("weights", "packed with forTraining", () => Whole.Backward(_x, _weights, dy, dx, dW, db, 3));
        Refuses("dx", "got 10", () => Whole.Backward(_x, weights, dy, dx.AsSpan(0, 10), dW, db, 3));
        Refuses("dW", "got 11", () => Whole.Backward(_x, weights, dy, dx, dW.AsSpan(0, 11), db, 3));
        Refuses("db", "got 12", () => Whole.Backward(_x, weights, dy, dx, dW, db.AsSpan(0, 12), 3));
        Refuses("dx", "does not overlap dy", () => Whole.Backward(_x, weights, dy, dy, dW, db, 3));
        Refuses("dW", "does not overlap db", () => Whole.Backward(_x, weights, dy, dx, dW, dW.AsSpan(0, 64), 3));
        Assert.All(dx, v => Assert.Equal(7f, v));
    }

    [Fact]
    public void Forward_Canceled_Throws()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Whole.Forward(_x, _weights, _y, 3, new() { CancellationToken = source.Token }));
        Assert.All(_y, v => Assert.Equal(7f, v));
    }

    [Fact]
    public void Calls_WithoutTokens_WriteOnlyTheWeightsGradient()
    {
        float[] dW = new float[4096];
        dW.AsSpan().Fill(3);
        Whole.Forward([], _weights, [], 0);
        Whole.Backward([], Whole.Pack(new float[4096], new float[64], forTraining: true), [], [], dW, [], 0);
        Assert.All(dW, v => Assert.Equal(0f, v));
    }

    private static void Refuses(string name, string text, Action call)
    {
        ArgumentException fault = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal(name, fault.ParamName);
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
    }
}
