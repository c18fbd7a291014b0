namespace KernelGen.Generator.Expressions;

/// <summary>The numbers from <see cref="Lower"/> to <see cref="Upper"/>, and perhaps NaN; no number where the ends are the wrong way round.</summary>
internal readonly record struct Interval(double Lower, double Upper, bool MayBeNaN = false)
{
    /// <summary>Nothing is known.</summary>
    public static Interval Everything { get; } = new(double.NegativeInfinity, double.PositiveInfinity, true);

    public static Interval Nothing { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    public bool IsEmpty => !(Lower <= Upper);

    public bool IsBounded => !double.IsInfinity(Lower) && !double.IsInfinity(Upper);

    /// <summary>The least interval around <paramref name="values"/>; everything where one of them is NaN.</summary>
    public static Interval Hull(params double[] values)
    {
        Interval hull = Nothing;
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                return Everything;
            hull = new(Math.Min(hull.Lower, value), Math.Max(hull.Upper, value));
        }

        return hull;
    }

    public Interval Union(Interval other) => new(Math.Min(Lower, other.Lower), Math.Max(Upper, other.Upper), MayBeNaN || other.MayBeNaN);

    public Interval Intersect(Interval other) => new(Math.Max(Lower, other.Lower), Math.Min(Upper, other.Upper), MayBeNaN && other.MayBeNaN);

    public bool Contains(double value) => Lower <= value && value <= Upper;
}
