using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments of a system with random features: how many, of which kernel, and the constants of its published forms.</summary>
internal sealed record PerformerArguments : FeatureArguments
{
    private static readonly string[] Kernels = { "Positive", "Generalized", "Trigonometric", "PositivePair", "RandomFourier" };
    private static readonly string[] Stabilizers = { "RunningMaximum", "SequenceMaximum", "None" };
    private static readonly Stabilizer[] OfKeys = { Stabilizer.Running, Stabilizer.Sequence, Stabilizer.None };

    /// <summary>Rows M of the projection.</summary>
    public required int Count { get; init; }

    /// <summary>What features are a function of.</summary>
    public required RandomFeatureKernel Kernel { get; init; }

    public override bool TakesMap => IsGeneralized;

    private bool IsGeneralized => Kernel == RandomFeatureKernel.Generalized;

    /// <summary>One more feature that is this for every row; null where there is none.</summary>
    public required double? Smoothing { get; init; }

    /// <summary>Width of a mapped row.</summary>
    public override int Width => Kernel is RandomFeatureKernel.Positive or RandomFeatureKernel.Generalized ? Count : (2 * Count) + (Smoothing is null ? 0 : 1);

    /// <summary>c, on the rows.</summary>
    public required double Factor { get; init; }

    /// <summary>r, on the features.</summary>
    public required double Ratio { get; init; }

    /// <summary>Added to the features.</summary>
    public required double Epsilon { get; init; }

    /// <summary>What keys are stabilised by.</summary>
    public required Stabilizer Stabilizer { get; init; }

    public static PerformerArguments Read(AttributeArguments arguments, int headDim, bool causal, Findings findings)
    {
        const string FeatureEpsilon = "FeatureEpsilon";
        int count = ReadCount(arguments, (int)(headDim * Math.Log(Math.Max(1, headDim))), findings);
        RandomFeatureKernel kernel = (RandomFeatureKernel)arguments.Enum("Kernel", 0, Kernels);
        bool isGeneralized = kernel == RandomFeatureKernel.Generalized, addsEpsilon = isGeneralized || kernel == RandomFeatureKernel.Positive;
        double epsilon = arguments.Double(FeatureEpsilon, double.NaN);
        if (!addsEpsilon && arguments.Has(FeatureEpsilon))
            findings.Add(Diagnostics.FeatureArgumentNotUsed, arguments.LocationOf(FeatureEpsilon), FeatureEpsilon, "PerformerKernel." + kernel);
        if (double.IsNaN(epsilon) || !addsEpsilon)
            epsilon = isGeneralized ? 1e-3 : addsEpsilon ? 1e-4 : 0;
        if (epsilon < 0 || double.IsInfinity(epsilon))
            findings.Add(Diagnostics.InvalidFeatureEpsilon, arguments.LocationOf(FeatureEpsilon), FeatureEpsilon, NumberText.Of(epsilon));
        return new PerformerArguments
        {
            Count = count,
            Kernel = kernel,
            Factor = arguments.Boolean("NormalizeInputs", true) ? Math.Pow(Math.Max(1, headDim), -0.25) : 1,
            Ratio = arguments.Boolean("ScaleFeatures", !isGeneralized) ? 1 / Math.Sqrt(kernel == RandomFeatureKernel.PositivePair ? 2.0 * count : count) : 1,
            Epsilon = epsilon,
            Smoothing = ReadSmoothing(arguments, kernel, findings),
            Stabilizer = ReadStabilizer(arguments, kernel, causal, findings),
        };
    }

    private static double? ReadSmoothing(AttributeArguments arguments, RandomFeatureKernel kernel, Findings findings)
    {
        const string Name = "Smoothing";
        double smoothing = arguments.Double(Name, double.NaN);
        if (!arguments.Has(Name) || double.IsNaN(smoothing))
            return null;
        if (kernel != RandomFeatureKernel.RandomFourier)
            findings.Add(Diagnostics.FeatureArgumentNotUsed, arguments.LocationOf(Name), Name, "PerformerKernel." + kernel);
        if (double.IsInfinity(smoothing))
            findings.Add(Diagnostics.InvalidSmoothing, arguments.LocationOf(Name), NumberText.Of(smoothing));
        return kernel == RandomFeatureKernel.RandomFourier ? smoothing : null;
    }

    private static Stabilizer ReadStabilizer(AttributeArguments arguments, RandomFeatureKernel kernel, bool causal, Findings findings)
    {
        const string Name = "Stabilizer";
        if (kernel is not (RandomFeatureKernel.Positive or RandomFeatureKernel.Trigonometric))
        {
            if (arguments.Has(Name) && kernel != RandomFeatureKernel.Generalized)
                findings.Add(Diagnostics.FeatureArgumentNotUsed, arguments.LocationOf(Name), Name, "PerformerKernel." + kernel);
            return Stabilizer.None;
        }

        Stabilizer stabilizer = OfKeys[arguments.Enum(Name, causal ? 0 : 1, Stabilizers)];
        if (stabilizer == Stabilizer.Running && !causal)
            findings.Add(Diagnostics.StabilizerNeedsCausal, arguments.LocationOf(Name));
        if (stabilizer == Stabilizer.Sequence && causal)
            findings.Add(Diagnostics.StabilizerLeaks, arguments.LocationOf(Name));
        return stabilizer;
    }

    public override (EquatableArray<FeatureStage> Queries, EquatableArray<FeatureStage> Keys) Stages(Expr map)
    {
        FeatureStage projection = new FeatureStage.Projection(Count, Factor);
        Expr u = new Expr.Arg(0), row = new Expr.Arg(1), cos = Scaled(new Expr.Unary(UnaryOp.Cos, u)), sin = Scaled(new Expr.Unary(UnaryOp.Sin, u));
        string r = Ratio == 1.0 ? "" : NumberText.Of(Ratio) + " ", constant = Smoothing is { } smoothing ? $" and {NumberText.Of(smoothing)}" : "";
        switch (Kernel)
        {
            case RandomFeatureKernel.Positive:
                return (Exponential(Stabilizer == Stabilizer.None ? Stabilizer.None : Stabilizer.Row), Exponential(Stabilizer));
            case RandomFeatureKernel.Trigonometric:
                // A query's own factor exp(h) is the same for all its weights.
                string growth = $"exp(|c x|^2 / 2{Stabilizer switch { Stabilizer.None => "", Stabilizer.Running => " - running max", _ => " - max" }})";
                return (
                    With(new FeatureStage.Branches(new[] { cos, sin }, RowNumber.None, Stabilizer.None, null, $"{r}(cos u, sin u)")),
                    With(new FeatureStage.Branches(new[] { cos * row, sin * row }, RowNumber.Growth, Stabilizer, null, $"{r}{growth} (cos u, sin u)")));
            case RandomFeatureKernel.PositivePair:
                return Both(projection, new FeatureStage.Branches(new[] { Scaled(Expr.Exp(u - row)), Scaled(Expr.Exp(-u - row)) }, RowNumber.Half, Stabilizer.None, null, $"{r}exp(+-u - |c x|^2 / 2)"));
            case RandomFeatureKernel.RandomFourier:
                return Both(projection, new FeatureStage.Branches(new[] { cos, sin }, RowNumber.None, Stabilizer.None, Smoothing, $"{r}(cos u, sin u){constant}"));
            default:
                Expr value = Scaled(map);
                return Both(projection, BuiltInMaps.Stage(Epsilon == 0 ? value : value + Epsilon, "u"));
        }

        Expr Scaled(Expr value) => Ratio == 1.0 ? value : value * Ratio;

        EquatableArray<FeatureStage> With(FeatureStage stage) => new[] { projection, stage };

        EquatableArray<FeatureStage> Exponential(Stabilizer stabilizer) => With(new FeatureStage.Exponential(Ratio, Epsilon, stabilizer));
    }
}

/// <summary>As <c>KernelGen.PerformerKernel</c>.</summary>
internal enum RandomFeatureKernel
{
    Positive,
    Generalized,
    Trigonometric,
    PositivePair,
    RandomFourier,
}
