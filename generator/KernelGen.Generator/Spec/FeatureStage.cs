using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Spec;

/// <summary>One stage of a feature map.</summary>
internal abstract record FeatureStage
{
    /// <summary>The stage as a reader would write it, as a function of what comes before it.</summary>
    public abstract string Text { get; }

    /// <summary>Width of what the stage makes of rows of some width.</summary>
    public virtual int Width(int columns) => columns;

    /// <summary>phi(x) = <paramref name="Map"/> with operand 0 = x, element by element. <paramref name="Text"/> is how a reader would write it.</summary>
    public sealed record Pointwise(Expr Map, string Text) : FeatureStage
    {
        public override string Text { get; } = Text;
    }

    /// <summary>x / (|x| + <paramref name="Epsilon"/>), before a projection.</summary>
    public sealed record UnitRows(double Epsilon) : FeatureStage
    {
        public override string Text => $"x / (|x| + {NumberText.Of(Epsilon)})";
    }

    /// <summary>
    /// u = <paramref name="Factor"/> x P^T with a matrix P [<paramref name="Columns"/>, D] that comes with the call. The first stage, where there is one, but for <see cref="UnitRows"/>.
    /// </summary>
    /// <param name="Columns">Rows of P, columns of u.</param>
    /// <param name="Factor">On the product.</param>
    /// <param name="IsLearned">Whether P has a gradient.</param>
    /// <param name="HasBias">Whether P has one column more, which is added to u.</param>
    /// <param name="IsOwn">Whether queries and keys have matrices of their own.</param>
    public sealed record Projection(int Columns, double Factor, bool IsLearned = false, bool HasBias = false, bool IsOwn = false) : FeatureStage
    {
        public override string Text => $"u = {(Factor == 1.0 ? "" : NumberText.Of(Factor) + " ")}x P^T{(HasBias ? " + b" : "")}{(IsOwn ? " of queries and keys by themselves" : "")}, {Columns.ToString(CultureInfo.InvariantCulture)} columns";
    }

    /// <summary>phi = <paramref name="Ratio"/> (exp(u - |c x|^2 / 2 - <paramref name="Stabilizer"/>) + <paramref name="Epsilon"/>), c the projection's factor. Follows a projection.</summary>
    public sealed record Exponential(double Ratio, double Epsilon, Stabilizer Stabilizer) : FeatureStage
    {
        public override string Text => Epsilon == 0 ? Exp : $"{Exp} + {NumberText.Of(Ratio * Epsilon)}";

        private string Exp => $"{(Ratio == 1.0 ? "" : NumberText.Of(Ratio) + " ")}exp(u - |c x|^2 / 2{Stabilizer switch { Stabilizer.None => "", Stabilizer.Row => " - max_m u", Stabilizer.Running => " - running max(0, u)", _ => " - max(0, all u)" }})";
    }

    /// <summary>
    /// Several maps of the same row, side by side: phi = [f_0(u), f_1(u), ...] and, where there is a <paramref name="Constant"/>, one more column that is this for every row. The last stage.
    /// </summary>
    /// <param name="Maps">f: operand 0 is u (x where nothing is projected), operand 1 the row's number, where <paramref name="Row"/> says that there is one.</param>
    /// <param name="Row">The number.</param>
    /// <param name="Stabilizer">What the exponent of <see cref="RowNumber.Growth"/> is stabilised by.</param>
    /// <param name="Constant">The constant column.</param>
    /// <param name="Text">As a reader would write it.</param>
    public sealed record Branches(EquatableArray<Expr> Maps, RowNumber Row, Stabilizer Stabilizer, double? Constant, string Text) : FeatureStage
    {
        public override string Text { get; } = Text;

        public override int Width(int columns) => (columns * Maps.Count) + (Constant is null ? 0 : 1);
    }

    /// <summary>
    /// Exponentials of u and, in a second half, of -u, over their row: phi = max(exp(u - max u) / sum exp(u - max u), clamp), likewise of -u. Maxima have gradients. The last stage.
    /// </summary>
    /// <param name="Halves">1 for u alone.</param>
    /// <param name="Kind">What they are divided by.</param>
    /// <param name="Clamp">The least feature; there is no gradient below it.</param>
    public sealed record Softmax(int Halves, SoftmaxKind Kind, double Clamp) : FeatureStage
    {
        public override string Text
        {
            get
            {
                string both = Halves == 2 ? "(u, -u)" : "u";
                string map = Kind switch
                {
                    SoftmaxKind.EachHalf => Halves == 2 ? "(softmax u, softmax -u)" : "softmax u",
                    SoftmaxKind.Joint => "softmax 2 (u, -u)",
                    _ => $"exp({both} - max {both})",
                };
                return Clamp == 0 ? map : $"max({map}, {NumberText.Of(Clamp)})";
            }
        }

        public override int Width(int columns) => columns * Halves;
    }
}

/// <summary>A number a row that its map reads beside its elements.</summary>
internal enum RowNumber
{
    None,

    /// <summary>|c x|^2 / 2.</summary>
    Half,

    /// <summary>exp(|c x|^2 / 2 - stabiliser).</summary>
    Growth,
}

/// <summary>What exponentials of a row are divided by.</summary>
internal enum SoftmaxKind
{
    /// <summary>Their sum, each half by its own.</summary>
    EachHalf,

    /// <summary>The sum of both, of twice the exponents.</summary>
    Joint,

    /// <summary>Nothing: only the greatest exponent of each half is subtracted.</summary>
    Shifted,
}
