using KernelGen.Generator.Expressions;

namespace KernelGen.Generator.Spec;

/// <summary>One TransNormerLLM block, complete: equal specs give equal code. Its parts are declarations like any other, compiled by the compilers of those.</summary>
internal sealed record BlockSpec
{
    public const string Equation = "m = x + (u o n(A)) Wout^T, y = m + ((n(m) W1^T) o (n(m) W2^T)) W3^T; q, k, v, u = n(x) Wqkvu^T, A = lightning attention of silu(q), silu(k), v; n(x) = x / sqrt(mean(x^2) + eps)";

    public required TypeIdentity Type { get; init; }

    public required int EmbedDim { get; init; }

    public required int Heads { get; init; }

    public required int HeadDim { get; init; }

    public required int GluDim { get; init; }

    public required bool HasBias { get; init; }

    public required double NormEpsilon { get; init; }

    public required ElementType ElementType { get; init; }

    public required int InstructionSets { get; init; }

    private int Hidden => Heads * HeadDim;

    /// <summary>Slopes come with the call, and the map of queries and keys is silu. What positions add to the map is a stage of it.</summary>
    public KernelSpec Attention
    {
        get
        {
            Expr x = new Expr.Arg(0);
            FeatureStage[] map = [new FeatureStage.Pointwise(x / (1.0 + Expr.Exp(-x)), "silu(x)")];
            return new KernelSpec
            {
                Type = Type with { HintName = Type.HintName + "Attention" },
                System = "transnormer",
                Equation = "o_t = sum_{s <= t} exp(-slope (t - s)) (silu(q_t).silu(k_s)) v_s",
                Plan = PlanKind.KernelState,
                HeadDim = HeadDim,
                ValueDim = HeadDim,
                Causal = true,
                ChunkSize = ChunkRule.Choose(HeadDim, HeadDim, ElementType, DecayKind.PerHead, null),
                ElementType = ElementType,
                QueryMap = map,
                KeyMap = map,
                Scale = 1,
                Normalizer = null,
                Decay = DecayKind.PerHead,
                InstructionSets = InstructionSets,
            };
        }
    }

    /// <summary>To q, k, v or u: four layers with the same kernels.</summary>
    public DenseSpec Projection => Layer("Projection", "z = n(x) W^T", EmbedDim, Hidden, DenseInput.SimpleRms, adds: false);

    public DenseSpec Output => Layer("Output", "m = m + (u o n(A)) W^T", Hidden, EmbedDim, DenseInput.GatedSimpleRms, adds: true);

    /// <summary>To a factor of the gated linear unit: two layers with the same kernels.</summary>
    public DenseSpec Glu => Layer("Glu", "z = n(m) W^T", EmbedDim, GluDim, DenseInput.SimpleRms, adds: false);

    public DenseSpec Down => Layer("Down", "y = y + (z1 o z2) W^T", GluDim, EmbedDim, DenseInput.Product, adds: true);

    private DenseSpec Layer(string part, string equation, int inputs, int outputs, DenseInput input, bool adds) => new()
    {
        Type = Type,
        Part = part,
        Equation = equation + (HasBias ? " + b" : ""),
        Inputs = inputs,
        Outputs = outputs,
        HasBias = HasBias,
        IsGated = false,
        Activation = new Expr.Arg(0),
        Input = input,
        NormEpsilon = NormEpsilon,
        AddsToOutput = adds,
        ElementType = ElementType,
        InstructionSets = InstructionSets,
    };
}
