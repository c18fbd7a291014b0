using System.Globalization;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Spec;

/// <summary>One stage of a feature map.</summary>
internal abstract record FeatureStage
{
    /// <summary>The stage as a reader would write it, as a function of what comes before it.</summary>
    public abstract string Text { get; }

    /// <summary>phi(x) = <paramref name="Map"/> with operand 0 = x, element by element. <paramref name="Text"/> is how a reader would write it.</summary>
    public sealed record Pointwise(Expr Map, string Text) : FeatureStage
    {
        public override string Text { get; } = Text;
    }

    /// <summary>u = <paramref name="Factor"/> x P^T with a matrix P [<paramref name="Columns"/>, D] that comes with the call. The first stage, where there is one.</summary>
    public sealed record Projection(int Columns, double Factor) : FeatureStage
    {
        public override string Text => $"u = {(Factor == 1.0 ? "" : NumberText.Of(Factor) + " ")}x P^T, {Columns.ToString(CultureInfo.InvariantCulture)} columns";
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

        /// <summary>Width of a mapped row, of rows of some width.</summary>
        public int Width(int columns) => (columns * Maps.Count) + (Constant is null ? 0 : 1);
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
