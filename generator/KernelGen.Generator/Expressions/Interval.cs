namespace KernelGen.Generator.Expressions;

/// <summary>The numbers from <see cref="Lower"/> to <see cref="Upper"/>; empty where they are the wrong way round.</summary>
internal readonly record struct Interval(double Lower, double Upper)
{
    public static Interval Everything { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public static Interval Nothing { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    public bool IsEmpty => !(Lower <= Upper);

    /// <summary>The hull of <paramref name="values"/>; everything where one of them is NaN, as inf - inf is.</summary>
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

    public Interval Union(Interval other) => new(Math.Min(Lower, other.Lower), Math.Max(Upper, other.Upper));

    public Interval Intersect(Interval other) => new(Math.Max(Lower, other.Lower), Math.Min(Upper, other.Upper));

    public bool Contains(double value) => Lower <= value && value <= Upper;
}
