using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments of a system with random features: how many, of which kernel, and the constants of its published forms.</summary>
internal sealed record FeatureArguments
{
    private const int SmallestCount = 1;
    private const int GreatestCount = 4096;
    private const int Generalized = 1;

    private static readonly string[] Kernels = { "Positive", "Generalized" };
    private static readonly string[] Stabilizers = { "RunningMaximum", "SequenceMaximum", "None" };
    private static readonly Stabilizer[] OfKeys = { Stabilizer.Running, Stabilizer.Sequence, Stabilizer.None };

    /// <summary>M.</summary>
    public required int Count { get; init; }

    /// <summary>Whether the map is any function of the projected rows.</summary>
    public required bool IsGeneralized { get; init; }

    /// <summary>c, on the rows.</summary>
    public required double Factor { get; init; }

    /// <summary>r, on the features.</summary>
    public required double Ratio { get; init; }

    /// <summary>Added to the features.</summary>
    public required double Epsilon { get; init; }

    /// <summary>What keys are stabilised by.</summary>
    public required Stabilizer Stabilizer { get; init; }

    public static FeatureArguments Read(AttributeArguments arguments, int headDim, bool causal, Findings findings)
    {
        const string Features = "Features", FeatureEpsilon = "FeatureEpsilon";
        int count = arguments.Int32(Features, 0);
        if (count < 0 || count > GreatestCount)
            findings.Add(Diagnostics.FeaturesRange, arguments.LocationOf(Features), Text(SmallestCount), Text(GreatestCount), Text(count));
        if (count == 0)
            count = Math.Max(SmallestCount, Math.Min(GreatestCount, (int)(headDim * Math.Log(Math.Max(1, headDim)))));

        bool isGeneralized = arguments.Enum("Kernel", 0, Kernels) == Generalized;
        double epsilon = arguments.Double(FeatureEpsilon, double.NaN);
        if (double.IsNaN(epsilon))
            epsilon = isGeneralized ? 1e-3 : 1e-4;
        if (epsilon < 0 || double.IsInfinity(epsilon))
            findings.Add(Diagnostics.InvalidFeatureEpsilon, arguments.LocationOf(FeatureEpsilon), NumberText.Of(epsilon));
        return new FeatureArguments
        {
            Count = count,
            IsGeneralized = isGeneralized,
            Factor = arguments.Boolean("NormalizeInputs", true) ? Math.Pow(Math.Max(1, headDim), -0.25) : 1,
            Ratio = arguments.Boolean("ScaleFeatures", !isGeneralized) ? 1 / Math.Sqrt(count) : 1,
            Epsilon = epsilon,
            Stabilizer = isGeneralized ? Stabilizer.None : ReadStabilizer(arguments, causal, findings),
        };
    }

    private static Stabilizer ReadStabilizer(AttributeArguments arguments, bool causal, Findings findings)
    {
        const string Name = "Stabilizer";
        Stabilizer stabilizer = OfKeys[arguments.Enum(Name, causal ? 0 : 1, Stabilizers)];
        if (stabilizer == Stabilizer.Running && !causal)
            findings.Add(Diagnostics.StabilizerNeedsCausal, arguments.LocationOf(Name));
        if (stabilizer == Stabilizer.Sequence && causal)
            findings.Add(Diagnostics.StabilizerLeaks, arguments.LocationOf(Name));
        return stabilizer;
    }

    /// <summary>The stages of queries, whose rows are stabilised by their own maximum, and of keys, where <paramref name="map"/> is the function of the projected rows.</summary>
    public (EquatableArray<FeatureStage> Queries, EquatableArray<FeatureStage> Keys) Stages(Expr map)
    {
        FeatureStage projection = new FeatureStage.Projection(Count, Factor);
        if (!IsGeneralized)
            return (Exponential(Stabilizer == Stabilizer.None ? Stabilizer.None : Stabilizer.Row), Exponential(Stabilizer));
        Expr value = Ratio == 1.0 ? map : map * Ratio;
        EquatableArray<FeatureStage> both = new[] { projection, BuiltInMaps.Stage(Epsilon == 0 ? value : value + Epsilon, "u") };
        return (both, both);

        EquatableArray<FeatureStage> Exponential(Stabilizer stabilizer) => new[] { projection, new FeatureStage.Exponential(Ratio, Epsilon, stabilizer) };
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
