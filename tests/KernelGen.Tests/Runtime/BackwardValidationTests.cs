using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>Every refusal names the argument, says what was expected and what came, and leaves all outputs alone.</summary>
public class BackwardValidationTests
{
    private static readonly AttentionShape _shape = new(2, 6, 4) { KeyValueHeads = 2 };

    [Fact]
    public void Backward_WrongTensorLength_NamesShapeAndNumbers()
    {
        Refused("q", "q: expected 2*6*4*5 = 240 elements ([B, T, H, D]), got 239", new(new(_shape) { Q = new float[239] }));
        Refused("k", "k: expected 2*6*2*5 = 120 elements ([B, T, G, D]), got 121", new(new(_shape) { K = new float[121] }));
        Refused("v", "v: expected 2*6*2*3 = 72 elements ([B, T, G, E]), got 0", new(new(_shape) { V = [] }));
        Refused("dO", "dO: expected 2*6*4*3 = 144 elements ([B, T, H, E]), got 143", new(new(_shape)) { DO = new float[143] });
        Refused("dq", "dq: expected 2*6*4*5 = 240 elements ([B, T, H, D]), got 0", new(new(_shape)) { DQ = new("dq", 0) });
        Refused("dk", "dk: expected 2*6*2*5 = 120 elements ([B, T, G, D]), got 240", new(new(_shape)) { DK = new("dk", 240) });
        Refused("dv", "dv: expected 2*6*2*3 = 72 elements ([B, T, G, E]), got 73", new(new(_shape)) { DV = new("dv", 73) });
        Refused("dv", "dv: expected 2*2*6*3 = 72 elements ([B, G, T, E]), got 1", new(new(_shape with { Layout = TensorLayout.HeadFirst })) { DV = new("dv", 1) });
    }

    [Fact]
    public void Backward_WrongShape_NamesTheMember()
    {
        Refused("shape.Length", "shape.Length: expected 0 or more, got -2", new(new Problem<EluFloat, float>(_shape) { Shape = _shape with { Length = -2 } }));
        Refused("shape.KeyLength", "expected 0 or Length = 6 (EluFloat is causal), got 7", new(new Problem<EluFloat, float>(_shape) { Shape = _shape with { KeyLength = 7 } }));
        Refused("shape.KeyValueHeads", "expected 0 or a divisor of Heads = 4, got 3", new(new Problem<EluFloat, float>(_shape) { Shape = _shape with { KeyValueHeads = 3 } }));
    }

    [Fact]
    public void Backward_WrongForwardOption_Refused()
    {
        var one = new AttentionShape(1, 6, 2);
        Refused("options.CuSeqlens", "expected a last entry of T = 6, got 5", new(new(one) { CuSeqlens = [0, 5] }));
        Refused("shape.Batch", "expected 1 (options.CuSeqlens packs all sequences into one), got 2", new(new(_shape) { CuSeqlens = [0, 6] }));
        Refused("options.KeyCuSeqlens", "EluFloat is causal: keys are cut like queries", new(new(one) { CuSeqlens = [0, 6], KeyCuSeqlens = [0, 6] }));
        Refused("options.KeyMask", "options.KeyMask: expected 2*6 = 12 elements ([B, T]), got 11", new(new(_shape) { KeyMask = new bool[11] }));
        Refused("options.Cap", "options.Cap: expected Scalar (0) to Avx512 (3), got 7", new(new(_shape)) { Cap = (InstructionSet)7 });
        Refused("options.InitialState", "options.InitialState: expected 2*4*5*3 = 120 elements ([N, H, M, E]), got 119", new(new(_shape) { InitialState = new float[119], InitialNormalizer = new float[40] }));
        Refused("options.InitialNormalizer", "options.InitialNormalizer: expected 2*4*5 = 40 elements ([N, H, M]), got 0", new(new(_shape) { InitialState = new float[120] }));
        Refused("options.Slopes", "options.Slopes: expected 4 elements ([H]), got 0", new Gradients<PerHeadDouble, double>(new(_shape) { Slopes = null }));
        Refused("options.Slopes", "got NaN at [1]", new Gradients<PerHeadDouble, double>(new(_shape) { Slopes = [0, double.NaN, 2, 3] }));
        Refused("options.Slopes", "options.Slopes: expected nothing, LightningFloat declares Decay.LightningSlopes", new Gradients<LightningFloat, float>(new(_shape) { Slopes = new float[4] }));
    }

    [Fact]
    public void Backward_WrongGradientOption_Refused()
    {
        Refused("options.FinalStateGradient", "options.FinalStateGradient: expected 2*4*5*3 = 120 elements ([N, H, M, E]), got 121", new(new(_shape)) { FinalState = new float[121], FinalNormalizer = new float[40] });
        Refused("options.FinalStateGradient", "options.FinalStateGradient: expected 2*4*5*3 = 120 elements ([N, H, M, E]), got 0", new(new(_shape)) { FinalNormalizer = new float[40] });
        Refused("options.FinalNormalizerGradient", "options.FinalNormalizerGradient: expected 2*4*5 = 40 elements ([N, H, M]), got 0", new(new(_shape)) { FinalState = new float[120] });
        Refused("options.FinalNormalizerGradient", "options.FinalNormalizerGradient: expected nothing, LightningFloat has no normaliser", new Gradients<LightningFloat, float>(new(_shape)) { FinalState = new float[192], FinalNormalizer = new float[32] });
        Refused("options.InitialStateGradient", "options.InitialStateGradient: expected 2*4*5*3 = 120 elements ([N, H, M, E]), got 119", WithState(state: 119));
        Refused("options.InitialNormalizerGradient", "options.InitialNormalizerGradient: expected 2*4*5 = 40 elements ([N, H, M]), got 0", WithState(normalizer: 0));
        Refused("options.InitialStateGradient", "options.InitialStateGradient: expected 2*4*5*3 = 120 elements ([N, H, M, E]), got 0", WithState(state: 0));
        Refused("options.InitialStateGradient", "options.InitialStateGradient: expected nothing, the call has no initial state (options.InitialState)", new(new(_shape)) { InitialState = new("state", 120), InitialNormalizer = new("normaliser", 40) });
        Refused("options.InitialNormalizerGradient", "options.InitialNormalizerGradient: expected nothing, LightningFloat has no normaliser", new Gradients<LightningFloat, float>(new Problem<LightningFloat, float>(_shape).WithInitialState()) { InitialNormalizer = new("normaliser", 32) });
        Refused("options.SlopeGradients", "options.SlopeGradients: expected nothing, EluFloat declares Decay.None", new(new(_shape)) { Slopes = new("slopes", 4) });
        Refused("options.SlopeGradients", "options.SlopeGradients: expected nothing, LightningFloat declares Decay.LightningSlopes", new Gradients<LightningFloat, float>(new(_shape)) { Slopes = new("slopes", 4) });
        Refused("options.SlopeGradients", "options.SlopeGradients: expected 4 elements ([H]), got 3", new Gradients<PerHeadDouble, double>(new(_shape)) { Slopes = new("slopes", 3) });

        static Gradients<EluFloat, float> WithState(int state = 120, int normalizer = 40) =>
            new(new Problem<EluFloat, float>(_shape).WithInitialState()) { InitialState = new("state", state), InitialNormalizer = new("normaliser", normalizer) };
    }

    [Fact]
    public void Backward_WrongTensors_RefusedByName()
    {
        Tensors("dO", "dO: expected [2, 6, 2, 3] (as q, k and the declaration say), got [2, 6, 2, 4]", dO: [2, 6, 2, 4]);
        Tensors("dq", "dq: expected [2, 6, 2, 5] (as q, k and the declaration say), got [2, 6, 1, 5]", dq: [2, 6, 1, 5]);
        Tensors("dk", "dk: expected rank 4, got rank 3", dk: [2, 6, 10]);
        Tensors("dv", "dv: expected [2, 6, 2, 3] (as q, k and the declaration say), got [2, 2, 6, 3]", dv: [2, 2, 6, 3]);

        static void Tensors(string name, string message, nint[]? dO = null, nint[]? dq = null, nint[]? dk = null, nint[]? dv = null)
        {
            float[] inputs = new float[300], outputs = Problem<EluFloat, float>.Poison(300);
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => StateDriver.Backward<ScalarKernel<EluFloat, float>, float>(
                new(inputs, [2, 6, 2, 5]),
                new(inputs, [2, 6, 2, 5]),
                new(inputs, [2, 6, 2, 3]),
                new(inputs, dO ?? [2, 6, 2, 3]),
                new(outputs, dq ?? [2, 6, 2, 5]),
                new(outputs, dk ?? [2, 6, 2, 5]),
                new(outputs, dv ?? [2, 6, 2, 3]),
                default,
                TensorLayout.SequenceFirst));
            Assert.Equal(name, error.ParamName);
            Assert.Contains(message, error.Message);
            Assert.All(outputs, x => Assert.True(float.IsNaN(x)));
        }
    }

    [Fact]
    public void Backward_ClassWithoutBackwardPass_SaysSo()
    {
        var gradients = new Gradients<ForwardOnlyFloat, float>(new(_shape));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(gradients.Run);

        Assert.Contains("ForwardOnlyFloat was compiled without a backward pass", error.Message);
        Assert.Throws<InvalidOperationException>(() => StateDriver.Info<ScalarKernel<ForwardOnlyFloat, float>, float>().BackwardWorkspaceBytes(_shape));
        Untouched(gradients);
    }

    private static void Refused(string name, string message, Gradients<EluFloat, float> gradients) => Refused<EluFloat, float>(name, message, gradients);

    private static void Refused<TDeclaration, T>(string name, string message, Gradients<TDeclaration, T> gradients)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(gradients.Run);

        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message);
        Untouched(gradients);
    }

    private static void Untouched<TDeclaration, T>(Gradients<TDeclaration, T> gradients)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> =>
        Assert.All(gradients.Result.Arrays.SelectMany(array => array.Values), x => Assert.True(double.IsNaN(x)));
}
