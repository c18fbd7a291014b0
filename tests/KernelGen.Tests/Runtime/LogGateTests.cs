using KernelGen.Runtime;
using KernelGen.Tests.Hosting;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>What calls of a declaration with gates refuse, before anything is written.</summary>
public class LogGateTests
{
    private static readonly AttentionShape s_shape = new(2, 3, 2);

    [Fact]
    public void Forward_WrongGates_Refused()
    {
        Forward("options.LogGates: expected 2*3*2 = 12 elements ([B, T, H]), got 0", s_shape, []);
        Forward("options.LogGates: expected 2*2*3 = 12 elements ([B, H, T]), got 11", s_shape with { Layout = TensorLayout.HeadFirst }, new float[11]);
        Forward("options.LogGates: expected numbers that are at most 0, got 0.5 at [7]", s_shape, With(7, 0.5f));
        Forward("options.LogGates: expected numbers that are at most 0, got NaN at [0]", s_shape, With(0, float.NaN));
        Forward("options.LogGates: expected numbers that are at most 0, got Infinity at [11]", s_shape, With(11, float.PositiveInfinity));

        static void Forward(string message, AttentionShape shape, float[] gates)
        {
            float[] o = Problem<Gated, float>.Poison(12);
            ArgumentException error = Assert.Throws<ArgumentException>("options.LogGates", () =>
                StateDriver.Forward<ScalarKernel<Gated, float>, float>(new float[24], new float[24], new float[12], o, shape, new() { LogGates = gates }));
            Assert.Contains(message, error.Message);
            Assert.All(o, x => Assert.True(float.IsNaN(x)));
        }
    }

    [Fact]
    public void Forward_GatesOfAnotherDecay_Refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>("options.LogGates", () => StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(
            new float[60], new float[60], new float[36], new float[36], s_shape, new() { LogGates = new float[12] }));
        Assert.Contains("options.LogGates: expected nothing, EluFloat declares Decay.None", error.Message);
    }

    [Fact]
    public void Step_WrongGates_Refused()
    {
        using AttentionState<float> state = StateDriver.CreateState<ScalarKernel<Gated, float>, float>(2, 2);
        ArgumentException error = Assert.Throws<ArgumentException>("options.LogGates", () => StateDriver.Step<ScalarKernel<Gated, float>, float>(
            new float[8], new float[8], new float[4], new float[4], state, new() { LogGates = new float[2] }));
        Assert.Contains("got 2", error.Message);
        Assert.Equal([0, 0], state.Positions.ToArray());
    }

    [Fact]
    public void Forward_OutputOverGates_Refused()
    {
        float[] memory = new float[20];
        ArgumentException error = Assert.Throws<ArgumentException>("o", () => StateDriver.Forward<ScalarKernel<Gated, float>, float>(
            new float[24], new float[24], new float[12], memory.AsSpan(0, 12), s_shape, new() { LogGates = memory.AsSpan(8, 12) }));
        Assert.Contains("o: expected memory of its own, got memory that overlaps options.LogGates", error.Message);
    }

    [Fact]
    public void Backward_WrongGatesOrGradients_Refused()
    {
        Backward<Gated>("options.LogGates", "expected 2*3*2 = 12 elements ([B, T, H]), got 0", () => new());
        Backward<Gated>("options.LogGates", "got 1 at [3]", () => new() { LogGates = With(3, 1) });
        Backward<Gated>("options.LogGateGradients", "expected 2*3*2 = 12 elements ([B, T, H]), got 13", () => new() { LogGates = new float[12], LogGateGradients = new float[13] });
        Backward<Ungated>("options.LogGateGradients", "expected nothing, Ungated declares Decay.None", () => new() { LogGateGradients = new float[12] });
        float[] memory = new float[12];
        Backward<Gated>("options.LogGateGradients", "got memory that overlaps options.LogGates", () => new() { LogGates = memory, LogGateGradients = memory });

        static void Backward<TDeclaration>(string name, string message, Func<BackwardOptions<float>> options)
            where TDeclaration : struct, IDeclaration
        {
            float[] dq = Problem<Gated, float>.Poison(24), dk = Problem<Gated, float>.Poison(24), dv = Problem<Gated, float>.Poison(12);
            ArgumentException error = Assert.Throws<ArgumentException>(name, () =>
                StateDriver.Backward<ScalarKernel<TDeclaration, float>, float>(new float[24], new float[24], new float[12], new float[12], dq, dk, dv, s_shape, options()));
            Assert.Contains(message, error.Message);
            Assert.All([.. dq, .. dk, .. dv], x => Assert.True(float.IsNaN(x)));
        }
    }

    private static float[] With(int index, float gate)
    {
        float[] gates = new float[12];
        gates[index] = gate;
        return gates;
    }

    private readonly struct Gated : IDeclaration
    {
        public static KernelTraits Traits { get; } = TestTraits.Create("Gated", d: 2, e: 1, chunk: 4, causal: true, normalized: false, Decay.PerToken, DType.Float32);

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }

    private readonly struct Ungated : IDeclaration
    {
        public static KernelTraits Traits { get; } = TestTraits.Create("Ungated", d: 2, e: 1, chunk: 4, causal: true, normalized: false, Decay.None, DType.Float32);

        public static double Epsilon => 0;

        public static PhiMap Map => PhiMap.Identity;
    }
}
