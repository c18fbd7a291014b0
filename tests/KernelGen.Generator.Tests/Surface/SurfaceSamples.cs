using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Surface;

namespace KernelGen.Generator.Tests.Surface;

/// <summary>Declarations to write surfaces for, and the user's half of each class.</summary>
internal static class SurfaceSamples
{
    public static readonly KernelSpec EluCausal = new()
    {
        Type = new TypeIdentity("Sample.Models", new[] { new TypeDeclaration("class", "EluAttention", "") }, "Sample.Models.EluAttention", "Sample_Models_EluAttention"),
        System = "linear_transformer",
        Equation = "o_t = sum_{s <= t} phi(q_t).phi(k_s) v_s / (sum_{s <= t} phi(q_t).phi(k_s) + eps)",
        Plan = PlanKind.KernelState,
        HeadDim = 8,
        ValueDim = 4,
        Causal = true,
        ChunkSize = 16,
        ElementType = ElementType.Float32,
        QueryMap = new FeatureStage[] { new FeatureStage.Pointwise(new Expr.Arg(0), "x > 0 ? x + 1 : exp(x)") },
        KeyMap = new FeatureStage[] { new FeatureStage.Pointwise(new Expr.Arg(0), "x > 0 ? x + 1 : exp(x)") },
        Scale = 0.125,
        Normalizer = new Normalizer(1e-6),
        Decay = DecayKind.None,
        InstructionSets = 0b1111,
    };

    public static readonly KernelSpec NonCausalDouble = EluCausal with
    {
        Type = new TypeIdentity("", new[] { new TypeDeclaration("static class", "@event", "") }, "event", "event_1"),
        Causal = false,
        ElementType = ElementType.Float64,
        Equation = "o_t = sum_s phi(q_t).phi(k_s) v_s",
        Normalizer = null,
        InstructionSets = 0b0011,
    };

    public static readonly KernelSpec NestedPerHead = EluCausal with
    {
        Type = new TypeIdentity(
            "Outer.KernelGen",
            new[] { new TypeDeclaration("struct", "System", "<T, U>"), new TypeDeclaration("record", "KernelGen", "") },
            "Outer.KernelGen.System.KernelGen",
            "Outer_KernelGen_System_KernelGen"),
        System = "lightning2",
        QueryMap = EquatableArray<FeatureStage>.Empty,
        KeyMap = EquatableArray<FeatureStage>.Empty,
        Normalizer = null,
        Decay = DecayKind.PerHead,
        Scale = 1.0,
        InstructionSets = 0b0001,
    };

    public static KernelSpec Of(string name) => name switch
    {
        nameof(EluCausal) => EluCausal,
        nameof(NonCausalDouble) => NonCausalDouble,
        nameof(NestedPerHead) => NestedPerHead,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static SurfaceModel Model(KernelSpec spec) => new()
    {
        Variant = VariantText.Of(spec),
        FeatureDim = spec.HeadDim,
        State = new StateBlockLayout
        {
            Length = 1024,
            SumOffset = 0,
            SumStride = 16,
            SumCompensationOffset = spec.Decay == DecayKind.None ? 128 : -1,
            NormalizerOffset = spec.Normalizer is null ? -1 : 256,
            NormalizerCompensationOffset = spec.Normalizer is null ? -1 : 272,
            ChunkOffset = 288,
        },
        ScratchLength = 256,
        UsefulFlopsPerToken = 4L * spec.HeadDim * spec.ValueDim,
        HasRead = !spec.Causal,
        Window = new WindowLayout(SlotLength: 96, Sums: 80, Emits: spec.Causal),
        Levels = Enumerable.Range(0, 4).Where(level => (spec.InstructionSets >> level & 1) != 0)
            .Select(level => new LevelKernels(
                level,
                $"global::KernelGen.Generated.{spec.Type.HintName}{SurfaceNames.Levels[level]}",
                $"global::KernelGen.Generated.{spec.Type.HintName}Backward{SurfaceNames.Levels[level]}",
                $"{level}x16")).ToArray(),
        Backward = new BackwardModel
        {
            Phases = spec.Causal
                ? new[] { new BackwardPhaseModel("Queries", false, true, new(96, 80, true)), new BackwardPhaseModel("Keys", true, true, new(64, 64, true)) }
                : [new("State", false, true, new(64, 64, false)), new("Queries", false, true, new(96, 80, false)), new("Keys", false, false, null)],
            BlockLength = 2048,
            TransposedSumOffset = 0,
            TransposedSumStride = 16,
            NormalizerOffset = spec.Normalizer is null ? -1 : 256,
            SumGradientOffset = 512,
            SumGradientStride = 16,
            NormalizerGradientOffset = spec.Normalizer is null ? -1 : 768,
            ScratchLength = 256,
            TokenElements = spec.Causal ? 2 : 0,
            QueryFlow = spec.Decay == DecayKind.PerHead ? 0 : -1,
            KeyFlow = spec.Decay == DecayKind.PerHead ? 1 : -1,
        },
    };

    /// <summary>Kernels that do nothing, for every level of the model.</summary>
    public static string StubKernels(KernelSpec spec)
    {
        string frame = $"ref KernelGen.Runtime.KernelFrame<{SurfaceNames.Element(spec.ElementType)}> frame";
        string emit = spec.Causal ? $"public static void Emit({frame}) {{ }}" : "";
        string read = spec.Causal ? "" : $"public static void Read({frame}) {{ }}";
        return string.Concat(Model(spec).Levels.Select(level => $$"""
            namespace KernelGen.Generated
            {
                internal static class {{level.ClassName.Split('.')[^1]}}
                {
                    public static void Sweep({{frame}}) { }
                    public static void Contribute({{frame}}) { }
                    public static void Fold({{frame}}) { }
                    {{emit}}
                    {{read}}
                }

                internal static class {{level.BackwardClassName.Split('.')[^1]}}
                {
                    {{string.Concat(Model(spec).Backward.Phases.SelectMany(BackwardTraitsWriter.Parts).Select(part => $"public static void {part.Method}({frame}) {{ }} "))}}
                }
            }

            """));
    }

    /// <summary>The half that a user writes, and calls as the README has them.</summary>
    public static string UserCode(string name) => name switch
    {
        nameof(EluCausal) => """
            namespace Sample.Models
            {
                /// <summary>Declared.</summary>
                public partial class EluAttention { }

                /// <summary>Calls.</summary>
                public static class Calls
                {
                    /// <summary>Every member once.</summary>
                    public static string All(float[] x, System.IO.Stream file)
                    {
                        var shape = new KernelGen.AttentionShape(1, 2, 3) { KeyValueHeads = 1 };
                        var workspace = new KernelGen.Workspace();
                        EluAttention.Forward(x, x, x, x, shape);
                        EluAttention.Forward(x, x, x, x, shape, new() { KeyMask = new bool[2], Workspace = workspace });
                        using var state = EluAttention.CreateState(sequences: 1, heads: 3);
                        EluAttention.Forward(x, x, x, x, shape, state);
                        EluAttention.Step(x, x, x, x, state);
                        state.Write(file);
                        using var other = EluAttention.ReadState(file);
                        var t = new System.Numerics.Tensors.TensorSpan<float>(x);
                        EluAttention.Forward(t, t, t, t, new() { Workspace = workspace }, KernelGen.TensorLayout.HeadFirst);
                        EluAttention.Backward(x, x, x, x, x, x, x, shape);
                        EluAttention.Backward(x, x, x, x, x, x, x, shape, new() { KeyMask = new bool[2], InitialState = x, InitialStateGradient = x });
                        EluAttention.Backward(t, t, t, t, t, t, t, new() { Workspace = workspace }, KernelGen.TensorLayout.HeadFirst);
                        return EluAttention.Info.ToString() + EluAttention.Info.ForCap(KernelGen.InstructionSet.Avx2).RegisterTile;
                    }
                }
            }
            """,
        nameof(NonCausalDouble) => """
            /// <summary>Declared.</summary>
            public static partial class @event { }
            """,
        nameof(NestedPerHead) => """
            namespace Outer.KernelGen
            {
                /// <summary>Outer, with names that get in the way.</summary>
                public partial struct System<T, U>
                {
                    /// <summary>Declared.</summary>
                    public partial record KernelGen { }
                }
            }
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
