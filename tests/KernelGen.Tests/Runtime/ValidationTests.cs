using KernelGen.Runtime;
using KernelGen.Tests.Runtime.Reference;

namespace KernelGen.Tests.Runtime;

/// <summary>Every refusal names the argument, says what was expected and what came, and leaves all outputs alone.</summary>
public class ValidationTests
{
    private static readonly AttentionShape _shape = new(2, 6, 4) { KeyValueHeads = 2 };

    [Fact]
    public void Forward_WrongTensorLength_NamesShapeAndNumbers()
    {
        Refused("q", "q: expected 2*6*4*5 = 240 elements ([B, T, H, D]), got 239", new Problem<EluFloat, float>(_shape) { Q = new float[239] });
        Refused("k", "k: expected 2*6*2*5 = 120 elements ([B, T, G, D]), got 121", new Problem<EluFloat, float>(_shape) { K = new float[121] });
        Refused("v", "v: expected 2*6*2*3 = 72 elements ([B, T, G, E]), got 0", new Problem<EluFloat, float>(_shape) { V = [] });
        Refused("o", "o: expected 2*6*4*3 = 144 elements ([B, T, H, E]), got 143", new Problem<EluFloat, float>(_shape) { O = Problem<EluFloat, float>.Poison(143) });
        Refused("q", "q: expected 2*4*6*5 = 240 elements ([B, H, T, D]), got 1", new Problem<EluFloat, float>(_shape with { Layout = TensorLayout.HeadFirst }) { Q = new float[1] });
        Refused("k", "k: expected 2*9*2*5 = 180 elements ([B, S, G, D]), got 1", new Problem<CrossFloat, float>(_shape with { KeyLength = 9 }) { K = new float[1] });
        Refused("k", "k: expected 2*6*4*5 = 240 elements ([B, T, H, D]), got 120", new Problem<EluFloat, float>(_shape) { Shape = _shape with { KeyValueHeads = 0 } });
    }

    [Fact]
    public void Forward_WrongShape_NamesTheMember()
    {
        RefusedShape("shape.Batch", "shape.Batch: expected 0 or more, got -1", _shape with { Batch = -1 });
        RefusedShape("shape.Length", "shape.Length: expected 0 or more, got -2", _shape with { Length = -2 });
        RefusedShape("shape.Heads", "shape.Heads: expected 1 or more, got 0", _shape with { Heads = 0 });
        RefusedShape("shape.KeyValueHeads", "expected 0 or a divisor of Heads = 4, got 3", _shape with { KeyValueHeads = 3 });
        RefusedShape("shape.KeyValueHeads", "got -1", _shape with { KeyValueHeads = -1 });
        RefusedShape("shape.KeyValueHeads", "got 8", _shape with { KeyValueHeads = 8 });
        RefusedShape("shape.KeyLength", "expected 0 or more, got -1", _shape with { KeyLength = -1 });
        RefusedShape("shape.KeyLength", "expected 0 or Length = 6 (EluFloat is causal), got 7", _shape with { KeyLength = 7 });
        RefusedShape("shape.Layout", "expected SequenceFirst (0) or HeadFirst (1), got 2", _shape with { Layout = (TensorLayout)2 });
    }

    [Fact]
    public void Forward_SizesBeyondEveryInteger_Refused()
    {
        const int Huge = int.MaxValue;
        RefusedShape("q", $"q: expected {Huge}*{Huge}*{Huge}*5 = {(Int128)Huge * Huge * Huge * 5} elements", new AttentionShape(Huge, Huge, Huge));

        // 2^16 * 2^16 * 2^8 * 5 is 0 in 32 bits, and nothing is what came.
        RefusedShape("q", "= 5497558138880 elements ([B, T, H, D]), got 0", new AttentionShape(1 << 16, 1 << 16, 1 << 8), length: 0);
    }

    [Fact]
    public void Forward_WrongPacking_Refused()
    {
        var shape = new AttentionShape(1, 6, 2);
        Refused("options.CuSeqlens", "options.CuSeqlens: expected a first entry of 0, got 1", new Problem<EluFloat, float>(shape) { CuSeqlens = [1, 6] });
        Refused("options.CuSeqlens", "expected entry [2] to be at least the one before, 4, got 3", new Problem<EluFloat, float>(shape) { CuSeqlens = [0, 4, 3, 6] });
        Refused("options.CuSeqlens", "expected entry [1] to be at least the one before, 0, got -1", new Problem<EluFloat, float>(shape) { CuSeqlens = [0, -1, 6] });
        Refused("options.CuSeqlens", "expected a last entry of T = 6, got 5", new Problem<EluFloat, float>(shape) { CuSeqlens = [0, 5] });
        Refused("options.CuSeqlens", "expected a last entry of T = 6, got 0", new Problem<EluFloat, float>(shape) { CuSeqlens = [0] });
        Refused("shape.Batch", "expected 1 (options.CuSeqlens packs all sequences into one), got 2", new Problem<EluFloat, float>(_shape) { CuSeqlens = [0, 6] });
        Refused("options.KeyCuSeqlens", "packed keys need packed queries", new Problem<CrossFloat, float>(shape) { KeyCuSeqlens = [0, 6] });
        Refused("options.KeyCuSeqlens", "EluFloat is causal: keys are cut like queries", new Problem<EluFloat, float>(shape) { CuSeqlens = [0, 6], KeyCuSeqlens = [0, 6] });
        Refused("options.KeyCuSeqlens", "expected 3 entries, as options.CuSeqlens, got 2", new Problem<CrossFloat, float>(shape) { CuSeqlens = [0, 3, 6], KeyCuSeqlens = [0, 6] });
        Refused("options.KeyCuSeqlens", "expected a last entry of S = 9, got 8", new Problem<CrossFloat, float>(shape with { KeyLength = 9 }) { CuSeqlens = [0, 6], KeyCuSeqlens = [0, 8] });
        Refused("options.KeyCuSeqlens", "expected 2 entries (key and query tokens differ in number), got none", new Problem<CrossFloat, float>(shape with { KeyLength = 9 }) { CuSeqlens = [0, 6] });
    }

    [Fact]
    public void Forward_WrongOption_Refused()
    {
        Refused("options.KeyMask", "options.KeyMask: expected 2*6 = 12 elements ([B, T]), got 11", new Problem<EluFloat, float>(_shape) { KeyMask = new bool[11] });
        Refused("options.KeyMask", "options.KeyMask: expected 2*9 = 18 elements ([B, S]), got 12", new Problem<CrossFloat, float>(_shape with { KeyLength = 9 }) { KeyMask = new bool[12] });
        Refused("options.Slopes", "options.Slopes: expected nothing, LightningFloat declares Decay.LightningSlopes", new Problem<LightningFloat, float>(_shape) { Slopes = new float[4] });
        Refused("options.Slopes", "options.Slopes: expected 4 elements ([H]), got 0", new Problem<PerHeadDouble, double>(_shape) { Slopes = null });
        Refused("options.Slopes", "expected finite numbers that are not negative, got -0.5 at [3]", new Problem<PerHeadDouble, double>(_shape) { Slopes = [0, 1, 2, -0.5] });
        Refused("options.Slopes", "got NaN at [1]", new Problem<PerHeadDouble, double>(_shape) { Slopes = [0, double.NaN, 2, 3] });
        Refused("options.Slopes", "got Infinity at [2]", new Problem<PerHeadDouble, double>(_shape) { Slopes = [0, 1, double.PositiveInfinity, 3] });
        Refused("options.InitialState", "options.InitialState: expected 2*4*5*3 = 120 elements ([N, H, M, E]), got 119", new Problem<EluFloat, float>(_shape) { InitialState = new float[119], InitialNormalizer = new float[40] });
        Refused("options.InitialNormalizer", "options.InitialNormalizer: expected 2*4*5 = 40 elements ([N, H, M]), got 0", new Problem<EluFloat, float>(_shape) { InitialState = new float[120] });
        Refused("options.InitialState", "got 0", new Problem<EluFloat, float>(_shape) { InitialNormalizer = new float[40] });
        Refused("options.FinalState", "got 1", new Problem<EluFloat, float>(_shape) { FinalState = new float[1], FinalNormalizer = new float[40] });
        Refused("options.FinalNormalizer", "got 41", new Problem<EluFloat, float>(_shape) { FinalState = new float[120], FinalNormalizer = new float[41] });
        Refused("options.FinalNormalizer", "expected nothing, LightningFloat has no normaliser", new Problem<LightningFloat, float>(_shape) { FinalNormalizer = new float[1] });

        var problem = new Problem<EluFloat, float>(_shape);
        ArgumentException cap = Assert.ThrowsAny<ArgumentException>(() => StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(
            problem.Q, problem.K, problem.V, problem.O, problem.Shape, new() { Cap = (InstructionSet)4 }));
        Assert.Equal("options.Cap", cap.ParamName);
    }

    [Fact]
    public void Forward_WrongState_Refused()
    {
        using AttentionState<float> state = StateDriver.CreateState<ScalarKernel<EluFloat, float>, float>(2, 4);
        using AttentionState<float> foreign = StateDriver.CreateState<ScalarKernel<ForeignFloat, float>, float>(2, 4);
        using AttentionState<float> relaid = StateDriver.CreateState<ScalarKernel<RelaidFloat, float>, float>(2, 4);

        Refused("state", "state: expected a state of variant \"EluFloat\", got one of \"ForeignFloat\" (ForeignFloat)", new Problem<EluFloat, float>(_shape), foreign);
        Refused("state", "compiled by another version of the generator", new Problem<EluFloat, float>(_shape), relaid);
        Refused("state", "state: expected 3 sequences, as the call has, got 2", new Problem<EluFloat, float>(_shape with { Batch = 3 }), state);
        Refused("state", "state: expected 1 sequences, as the call has, got 2", new Problem<EluFloat, float>(_shape with { Batch = 1 }) { CuSeqlens = [0, 6] }, state);
        Refused("state", "state: expected 2 heads, as the call has, got 4", new Problem<EluFloat, float>(_shape with { Heads = 2 }), state);
        Refused("options.InitialState", "the state object carries the state", new Problem<EluFloat, float>(_shape).WithInitialState(), state);
        Refused("options.FinalState", "the state object carries the state", new Problem<EluFloat, float>(_shape).WithFinalState(), state);
        Refused("options.KeyMask", "got 1", new Problem<EluFloat, float>(_shape) { KeyMask = new bool[1] }, state);
        Assert.Equal([0, 0], state.Positions.ToArray());
        Assert.Throws<ArgumentNullException>("state", () => new Problem<EluFloat, float>(_shape).Run(null!));
    }

    [Fact]
    public void Step_WrongRows_NamesShapeAndNumbers()
    {
        Step("q", "q: expected 2*4*5 = 40 elements ([N, H, D]), got 41", q: 41);
        Step("k", "k: expected 2*4*5 = 40 elements ([N, H, D], or [N, G, D] where G divides H), got 30", k: 30);
        Step("k", "got 0", k: 0);
        Step("k", "got 80", k: 80);
        Step("v", "v: expected 2*2*3 = 12 elements ([N, G, E]), got 24", k: 20);
        Step("v", "v: expected 2*4*3 = 24 elements ([N, H, E]), got 12", v: 12);
        Step("o", "o: expected 2*4*3 = 24 elements ([N, H, E]), got 23", o: 23);
        Step("options.CuSeqlens", "a step is one token of every sequence", packed: true);

        static void Step(string name, string message, int q = 40, int k = 40, int v = 24, int o = 24, bool packed = false)
        {
            using AttentionState<float> state = StateDriver.CreateState<ScalarKernel<EluFloat, float>, float>(2, 4);
            float[] outputs = Problem<EluFloat, float>.Poison(o);
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => StateDriver.Step<ScalarKernel<EluFloat, float>, float>(
                new float[q], new float[k], new float[v], outputs, state, new() { CuSeqlens = packed ? [0, 1, 2] : default }));
            Assert.Equal(name, error.ParamName);
            Assert.Contains(message, error.Message);
            Assert.All(outputs, x => Assert.True(float.IsNaN(x)));
            Assert.Equal([0, 0], state.Positions.ToArray());
        }
    }

    [Fact]
    public void CreateState_WrongCounts_Refused()
    {
        Create("sequences", "sequences: expected 1 or more, got 0", 0, 1);
        Create("heads", "heads: expected 1 or more, got -1", 1, -1);
        Create("sequences", "in one state of EluFloat, got 2147483647", int.MaxValue, int.MaxValue);

        static void Create(string name, string message, int sequences, int heads)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(name, () => StateDriver.CreateState<ScalarKernel<EluFloat, float>, float>(sequences, heads));
            Assert.Contains(message, error.Message);
        }
    }

    private static void RefusedShape(string name, string message, AttentionShape shape, int length = 240)
    {
        float[] memory = Problem<EluFloat, float>.Poison(length);
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => StateDriver.Forward<ScalarKernel<EluFloat, float>, float>(memory, memory, memory, memory, shape, default));
        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message);
    }

    private static void Refused<TDeclaration, T>(string name, string message, Problem<TDeclaration, T> problem, AttentionState<T>? state = null)
        where TDeclaration : struct, IDeclaration
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        T[]?[] written = [problem.O, problem.FinalState, problem.FinalNormalizer];
        T[]?[] before = written.Select(x => (T[]?)x?.Clone()).ToArray();

        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() =>
        {
            if (state is null)
                problem.Run();
            else
                problem.Run(state);
        });

        Assert.Equal(name, error.ParamName);
        Assert.Contains(message, error.Message);
        for (int i = 0; i < written.Length; i++)
            Agreement.Same(before[i], written[i]);
    }
}
