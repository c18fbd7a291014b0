using KernelGen.Tests.Dense;
using KernelGen.Tests.Golden;
using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.TransNormer;

/// <summary>What the published block and norm compute, at every level.</summary>
[Trait("Suite", "Levels")]
public sealed class GoldenBlockTests
{
    private delegate TransNormerWeights<T> PackMethod<T>(in TransNormerParameters<T> parameters, bool forTraining)
        where T : unmanaged;

    private delegate void ForwardMethod<T>(ReadOnlySpan<T> x, TransNormerWeights<T> weights, Span<T> y, int batch, int length, in TransNormerOptions<T> options)
        where T : unmanaged;

    private delegate void BackwardMethod<T>(
        ReadOnlySpan<T> x, TransNormerWeights<T> weights, TransNormerActivations<T> activations, ReadOnlySpan<T> dy, Span<T> dx, in TransNormerGradients<T> gradients, in TransNormerOptions<T> options)
        where T : unmanaged;

    public static TheoryData<string> LevelNames => [.. Levels.All.Select(Levels.Name)];

    [SkippableTheory]
    [MemberData(nameof(LevelNames))]
    public void Block_WithBiases_IsThePublishedOne(string level)
    {
        Skip.IfNot(Levels.Supported.Any(l => Levels.Name(l) == level), $"this machine has no {level}");
        InstructionSet cap = Levels.All.Single(l => Levels.Name(l) == level);
        Check<float>(DType.Float32, cap, BiasedSingle.Pack, BiasedSingle.Forward, BiasedSingle.Backward);
        Check<double>(DType.Float64, cap, BiasedDouble.Pack, BiasedDouble.Forward, BiasedDouble.Backward);
    }

    [SkippableTheory]
    [MemberData(nameof(LevelNames))]
    public void SimpleRmsNorm_BeforeIdentityWeights_IsThePublishedOne(string level)
    {
        Skip.IfNot(Levels.Supported.Any(l => Levels.Name(l) == level), $"this machine has no {level}");
        InstructionSet cap = Levels.All.Single(l => Levels.Name(l) == level);
        CheckNorm<double>(DType.Float64, cap, NormDouble.Pack, NormDouble.Forward, NormDouble.Backward);
        CheckNorm<float>(DType.Float32, cap, NormSingle.Pack, NormSingle.Forward, NormSingle.Backward);
    }

    private static void Check<T>(DType type, InstructionSet cap, PackMethod<T> pack, ForwardMethod<T> forward, BackwardMethod<T> backward)
        where T : unmanaged, IEquatable<T>
    {
        GoldenCase golden = Read("block_nolrpe_bias_h6");
        int[] shape = golden.Shape("x", 3);
        (int batch, int length, int embed) = (shape[0], shape[1], shape[2]);
        T[] x = Of<T>(golden.Values("x", shape)), dy = Of<T>(golden.Values("d_out", shape));
        TransNormerParameters<T> parameters = new()
        {
            Qkvu = Array("w_qkvu"),
            Output = Array("w_out"),
            Gate = Array("w_l1"),
            Up = Array("w_l2"),
            Down = Array("w_l3"),
            QkvuBias = Array("b_qkvu"),
            OutputBias = Array("b_out"),
            GateBias = Array("b_l1"),
            UpBias = Array("b_l2"),
            DownBias = Array("b_l3"),
            Slopes = Array("slopes"),
        };
        TransNormerWeights<T> weights = pack(parameters, true);
        TransNormerActivations<T> activations = new();
        GuardedBuffer<T> y = new("y", x.Length), dx = new("dx", x.Length);
        forward(x, weights, y.Span, batch, length, new() { Cap = cap, Activations = activations });
        Dictionary<string, GuardedBuffer<T>> gradients = new[] { "w_qkvu", "w_out", "w_l1", "w_l2", "w_l3", "b_qkvu", "b_out", "b_l1", "b_l2", "b_l3" }
            .ToDictionary(name => name, name => new GuardedBuffer<T>("d" + name, golden.Find(name)!.Values.Length));
        TransNormerGradients<T> spans = new()
        {
            Qkvu = gradients["w_qkvu"].Span,
            Output = gradients["w_out"].Span,
            Gate = gradients["w_l1"].Span,
            Up = gradients["w_l2"].Span,
            Down = gradients["w_l3"].Span,
            QkvuBias = gradients["b_qkvu"].Span,
            OutputBias = gradients["b_out"].Span,
            GateBias = gradients["b_l1"].Span,
            UpBias = gradients["b_l2"].Span,
            DownBias = gradients["b_l3"].Span,
        };
        backward(x, weights, activations, dy, dx.Span, spans, new() { Cap = cap });

        Close("out", y.Read(), golden.Values("out", shape), ScaledError.Tolerance(type));
        Close("dx", dx.Read(), golden.Values("dx", shape), ScaledError.GradientTolerance(type));
        foreach ((string name, GuardedBuffer<T> gradient) in gradients)
            Close("d" + name, gradient.Read(), golden.Find("d" + name)!.Values, ScaledError.GradientTolerance(type));
        Assert.Equal(embed, golden.Number("embed_dim"));

        T[] Array(string name) => Of<T>(golden.Find(name)!.Values);
    }

    private static void CheckNorm<T>(DType type, InstructionSet cap, Dense.PackMethod<T> pack, Dense.ForwardMethod<T> forward, Dense.BackwardMethod<T> backward)
        where T : unmanaged, IEquatable<T>
    {
        GoldenCase golden = Read("lrpe_srmsnorm");
        int[] shape = golden.Shape("norm_x", 3);
        int tokens = shape[0] * shape[1], width = shape[2];
        double[] identity = new double[width * width];
        for (int i = 0; i < width; i++)
            identity[(i * width) + i] = 1;
        T[] x = Of<T>(golden.Values("norm_x", shape)), dy = Of<T>(golden.Values("norm_d_out", shape));
        DenseWeights<T> weights = pack(Of<T>(identity), [], true);
        GuardedBuffer<T> y = new("y", x.Length), dx = new("dx", x.Length);
        forward(x, weights, y.Span, tokens, new() { Cap = cap });
        backward(x, weights, dy, dx.Span, [], [], tokens, new() { Cap = cap });
        Close("norm_out", y.Read(), golden.Values("norm_out", shape), ScaledError.Tolerance(type));
        Close("norm_dx", dx.Read(), golden.Values("norm_dx", shape), ScaledError.GradientTolerance(type));
    }

    private static GoldenCase Read(string name) => GoldenCase.Read(Path.Combine(GoldenFolder.Location, "transnormerllm", name + ".safetensors"));

    private static T[] Of<T>(double[] values)
        where T : unmanaged => values.Select(Element<T>.From).ToArray();

    private static void Close(string name, double[] actual, double[] expected, double tolerance)
    {
        double error = ScaledError.Of(actual, expected);
        Assert.True(error <= tolerance, $"{name}: {error:E2}");
    }
}
