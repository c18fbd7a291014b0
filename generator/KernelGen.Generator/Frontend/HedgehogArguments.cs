using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments of Hedgehog: a learned projection, with a bias perhaps, and what is made of it.</summary>
internal sealed record HedgehogArguments : FeatureArguments
{
    private static readonly string[] Maps = { "Softmax", "JointSoftmax", "Exponential", "ShiftedExponential", "Relu", "EluPlusOne" };

    private readonly FeatureStage.Projection _projection;
    private readonly FeatureStage _map;

    private HedgehogArguments(FeatureStage.Projection projection, FeatureStage map) => (_projection, _map) = (projection, map);

    public override int Width => _map.Width(_projection.Columns);

    public override bool TakesMap => false;

    public static HedgehogArguments Read(AttributeArguments arguments, int headDim, Findings findings)
    {
        const string Clamp = "FeatureFloor", Half = "HalfSpace";
        var map = (HedgehogMap)arguments.Enum("Map", 0, Maps);
        bool isHalf = arguments.Boolean(Half, false);
        double clamp = arguments.Double(Clamp, double.NaN);
        if (double.IsNaN(clamp))
            clamp = map is HedgehogMap.JointSoftmax or HedgehogMap.Exponential ? 0 : 1e-12;
        if (clamp < 0 || double.IsInfinity(clamp))
            findings.Add(Diagnostics.InvalidFeatureEpsilon, arguments.LocationOf(Clamp), Clamp, NumberText.Of(clamp));
        if (arguments.Has(Half) && map is HedgehogMap.JointSoftmax or HedgehogMap.Relu or HedgehogMap.EluPlusOne && isHalf)
            findings.Add(Diagnostics.FeatureArgumentNotUsed, arguments.LocationOf(Half), Half, "HedgehogMap." + map);
        var projection = new FeatureStage.Projection(
            ReadCount(arguments, headDim, findings), 1, IsLearned: true, HasBias: arguments.Boolean("Bias", false), IsOwn: !arguments.Boolean("TieQueriesAndKeys", false));
        return new HedgehogArguments(projection, Stage(map, isHalf ? 1 : 2, clamp));
    }

    public override (EquatableArray<FeatureStage> Queries, EquatableArray<FeatureStage> Keys) Stages(Expr map) => Both(_projection, _map);

    private static FeatureStage Stage(HedgehogMap map, int halves, double clamp)
    {
        Expr u = new Expr.Arg(0);
        switch (map)
        {
            case HedgehogMap.Softmax:
                return new FeatureStage.Softmax(halves, SoftmaxKind.EachHalf, clamp);
            case HedgehogMap.JointSoftmax:
                return new FeatureStage.Softmax(2, SoftmaxKind.Joint, clamp);
            case HedgehogMap.ShiftedExponential:
                return new FeatureStage.Softmax(halves, SoftmaxKind.Shifted, clamp);
            case HedgehogMap.Exponential:
                Expr[] parts = halves == 1 ? [Floor(Expr.Exp(u))] : [Floor(Expr.Exp(u)), Floor(Expr.Exp(-u))];
                return new FeatureStage.Branches(parts, RowNumber.None, Stabilizer.None, null, halves == 1 ? "exp u" : "exp(+-u)");
            case HedgehogMap.Relu:
                return BuiltInMaps.Stage(Floor(new Expr.Binary(BinaryOp.Max, u, 0.0)), "u");
            default:
                return BuiltInMaps.Stage(Floor(BuiltInMaps.Of(BuiltInMaps.EluPlusOne)!), "u");
        }

        Expr Floor(Expr value) => clamp == 0 ? value : new Expr.Binary(BinaryOp.Max, value, clamp);
    }
}

/// <summary>As <c>KernelGen.HedgehogMap</c>.</summary>
internal enum HedgehogMap
{
    Softmax,
    JointSoftmax,
    Exponential,
    ShiftedExponential,
    Relu,
    EluPlusOne,
}
