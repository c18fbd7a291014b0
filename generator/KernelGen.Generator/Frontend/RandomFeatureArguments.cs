using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments of Random Feature Attention: rows of length 1, projected, then sines and cosines or a rectifier.</summary>
internal sealed record RandomFeatureArguments : FeatureArguments
{
    private const int ArcCosine = 1;

    /// <summary>Added to the length that rows are divided by; published as a constant.</summary>
    private const double LengthEpsilon = 1e-3;

    /// <summary>On sines and cosines; published as a constant, beside the eps that it goes with.</summary>
    private const double GaussianScale = 0.1;

    private static readonly string[] Kernels = { "Gaussian", "ArcCosine" };

    private readonly int _count;
    private readonly bool _isArcCosine;
    private readonly double _factor;

    private RandomFeatureArguments(int count, bool isArcCosine, double factor) => (_count, _isArcCosine, _factor) = (count, isArcCosine, factor);

    public override int Width => _isArcCosine ? _count : 2 * _count;

    public override bool TakesMap => false;

    public static RandomFeatureArguments Read(AttributeArguments arguments, int headDim, Findings findings)
    {
        const string Temperature = "Temperature";
        double temperature = arguments.Double(Temperature, 1);
        if (!(temperature > 0) || double.IsInfinity(temperature))
            findings.Add(Diagnostics.InvalidTemperature, arguments.LocationOf(Temperature), NumberText.Of(temperature));
        return new RandomFeatureArguments(ReadCount(arguments, headDim, findings), arguments.Enum("Kernel", 0, Kernels) == ArcCosine, 1 / temperature);
    }

    public override (EquatableArray<FeatureStage> Queries, EquatableArray<FeatureStage> Keys) Stages(Expr map)
    {
        FeatureStage unit = new FeatureStage.UnitRows(LengthEpsilon), projection = new FeatureStage.Projection(_count, _factor, IsLearned: true);
        Expr u = new Expr.Arg(0);
        return _isArcCosine
            ? Both(unit, projection, BuiltInMaps.Stage(new Expr.Binary(BinaryOp.Max, u, 0.0) * (1 / Math.Sqrt(_count)), "u"))
            : Both(unit, projection, new FeatureStage.Branches(
                new[] { new Expr.Unary(UnaryOp.Sin, u) * GaussianScale, new Expr.Unary(UnaryOp.Cos, u) * GaussianScale }, RowNumber.None, Stabilizer.None, null, $"{NumberText.Of(GaussianScale)} (sin u, cos u)"));
    }
}
