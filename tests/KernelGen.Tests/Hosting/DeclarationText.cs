namespace KernelGen.Tests.Hosting;

/// <summary>The C# of a declaration, and of the adapter that calls what the generator makes of it.</summary>
internal static class DeclarationText
{
    public const string Namespace = "Declared";

    /// <summary>The user's half of the class.</summary>
    public static string Declaration(Declaration declaration, string name)
    {
        string element = Element(declaration);
        string map = declaration.Map.Body is not { } body ? "" : $$"""
                private const Real Half = (Real)0.5;

                [FeatureMap]
                private static Real Phi(Real x)
                {
                    {{body}}
                }
            """;
        return $$"""
            using KernelGen;
            using Functions = System.{{(element == "float" ? "MathF" : "Math")}};
            using Real = {{element}};

            namespace {{Namespace}};

            [{{declaration.System}}Attention({{string.Join(", ", Arguments(declaration))}})]
            internal static partial class {{name}}
            {
            {{map}}
            }
            """;
    }

    /// <summary>Name of the adapter class of a declared class.</summary>
    public static string AdapterName(string name) => name + "Adapter";

    /// <summary>A class that implements <see cref="IVariant{TElement, T}"/> by the generated members.</summary>
    public static string Adapter(Declaration declaration, string name)
    {
        string element = Element(declaration);
        string stored = declaration.DType switch { DType.Float16 => "System.Half", DType.BFloat16 => "KernelGen.BFloat16", _ => element };
        const string spans = "ReadOnlySpan<Stored> q, ReadOnlySpan<Stored> k, ReadOnlySpan<Stored> v, Span<Stored> o";
        string states = declaration.Streams
            ? $$"""
                    public void Forward({{spans}}, in AttentionShape shape, AttentionState<Real> state, in AttentionOptions<Real> options) => {{name}}.Forward(q, k, v, o, in shape, state, in options);

                    public void Step({{spans}}, AttentionState<Real> state, in AttentionOptions<Real> options) => {{name}}.Step(q, k, v, o, state, in options);

                    public AttentionState<Real> CreateState(int sequences, int heads) => {{name}}.CreateState(sequences, heads);

                    public AttentionState<Real> ReadState(Stream stream) => {{name}}.ReadState(stream);
                """
            : $$"""
                    public void Forward({{spans}}, in AttentionShape shape, AttentionState<Real> state, in AttentionOptions<Real> options) => throw new NotSupportedException();

                    public void Step({{spans}}, AttentionState<Real> state, in AttentionOptions<Real> options) => throw new NotSupportedException();

                    public AttentionState<Real> CreateState(int sequences, int heads) => throw new NotSupportedException();

                    public AttentionState<Real> ReadState(Stream stream) => throw new NotSupportedException();
                """;
        return $$"""
            using System;
            using System.IO;
            using KernelGen;
            using KernelGen.Tests.Hosting;
            using Real = {{element}};
            using Stored = {{stored}};

            namespace {{Namespace}};

            internal sealed class {{AdapterName(name)}} : IVariant<Stored, Real>
            {
                public AttentionInfo Info => {{name}}.Info;

                public void Forward({{spans}}, in AttentionShape shape, in AttentionOptions<Real> options) => {{name}}.Forward(q, k, v, o, in shape, in options);

                public void Backward(ReadOnlySpan<Stored> q, ReadOnlySpan<Stored> k, ReadOnlySpan<Stored> v, ReadOnlySpan<Stored> dO, Span<Stored> dq, Span<Stored> dk, Span<Stored> dv, in AttentionShape shape, in BackwardOptions<Real> options) => {{name}}.Backward(q, k, v, dO, dq, dk, dv, in shape, in options);

            {{states}}
            }
            """;
    }

    private static string Element(Declaration declaration) => declaration.DType == DType.Float64 ? "double" : "float";

    /// <summary>
    /// Only what differs from the attribute's defaults, so that the defaults are tested too. Kernels that this machine cannot run are left
    /// out: compiling them would take most of the time of a run with narrow vectors.
    /// </summary>
    private static IEnumerable<string> Arguments(Declaration declaration)
    {
        bool isLinear = declaration.System == AttentionSystem.Linear, isLightning = declaration.System == AttentionSystem.Lightning;
        yield return FormattableString.Invariant($"HeadDim = {declaration.HeadDim}");
        if (declaration.ValueDim != declaration.HeadDim)
            yield return FormattableString.Invariant($"ValueDim = {declaration.ValueDim}");
        if (!declaration.Causal)
            yield return "Causal = false";
        if (declaration.ChunkSize != AttentionAttribute.Auto)
            yield return FormattableString.Invariant($"ChunkSize = {declaration.ChunkSize}");
        if (declaration.DType != DType.Float32)
            yield return $"DType = DType.{declaration.DType}";
        if (Levels.Supported.Count < Levels.All.Count)
            yield return $"InstructionSets = {string.Join(" | ", Levels.Supported.Select(level => "InstructionSets." + level))}";
        if (declaration.Scale != 1.0)
            yield return FormattableString.Invariant($"Scale = {declaration.Scale:R}");
        if (declaration.Decay != (isLightning ? Decay.LightningSlopes : Decay.None))
            yield return $"Decay = Decay.{declaration.Decay}";
        if (declaration.Random is { } random)
        {
            yield return FormattableString.Invariant($"Features = {random.Features}");
            bool grows = random.Kernel is PerformerKernel.Positive or PerformerKernel.Trigonometric;
            if (random.Kernel != PerformerKernel.Positive)
                yield return $"Kernel = PerformerKernel.{random.Kernel}";
            if (grows && random.Stabilizer != (declaration.Causal ? Stabilizer.RunningMaximum : Stabilizer.SequenceMaximum))
                yield return $"Stabilizer = Stabilizer.{random.Stabilizer}";
            if (random.Paired is null && random.Epsilon != (random.IsGeneralized ? 1e-3 : 1e-4))
                yield return FormattableString.Invariant($"FeatureEpsilon = {random.Epsilon:R}");
            if (random.Smoothing is { } smoothing)
                yield return FormattableString.Invariant($"Smoothing = {smoothing:R}");
            if (!random.NormalizesInputs)
                yield return "NormalizeInputs = false";
            if (random.ScalesFeatures == random.IsGeneralized)
                yield return $"ScaleFeatures = {(random.ScalesFeatures ? "true" : "false")}";
        }

        foreach (string argument in Learned(declaration))
            yield return argument;
        EpsilonRule rule = declaration.System != AttentionSystem.RandomFeature ? EpsilonRule.Denominator : declaration.Causal ? EpsilonRule.Floor : EpsilonRule.AbsoluteFloor;
        if (declaration.EpsilonRule != rule)
            yield return $"EpsilonRule = EpsilonRule.{declaration.EpsilonRule}";

        if (isLightning)
            yield break;
        if (isLinear && declaration.Map == PhiMap.Identity)
            yield return "FeatureMap = FeatureMap.Identity";
        if (declaration.Epsilon is not { } epsilon)
            yield return "Normalize = false";
        else if (epsilon != declaration.System switch { AttentionSystem.RandomFeature => 1, AttentionSystem.Hedgehog => 1e-12, _ => 1e-6 })
            yield return FormattableString.Invariant($"Epsilon = {epsilon:R}");
    }

    private static IEnumerable<string> Learned(Declaration declaration)
    {
        if (declaration.Learned is not { } learned)
            yield break;
        if (learned.Features != declaration.HeadDim)
            yield return FormattableString.Invariant($"Features = {learned.Features}");
        if (learned.IsRandomFeature)
        {
            if (learned.Kind == LearnedKind.ArcCosine)
                yield return "Kernel = RandomFeatureKernel.ArcCosine";
            if (learned.Temperature != 1)
                yield return FormattableString.Invariant($"Temperature = {learned.Temperature:R}");
            yield break;
        }

        if (learned.Kind != LearnedKind.Softmax)
            yield return $"Map = HedgehogMap.{learned.Kind}";
        if (learned.HalfSpace)
            yield return "HalfSpace = true";
        if (learned.Bias)
            yield return "Bias = true";
        if (learned.Tied)
            yield return "TieQueriesAndKeys = true";
        if (learned.Floor != (learned.Kind is LearnedKind.JointSoftmax or LearnedKind.Exponential ? 0 : 1e-12))
            yield return FormattableString.Invariant($"FeatureFloor = {learned.Floor:R}");
    }
}
