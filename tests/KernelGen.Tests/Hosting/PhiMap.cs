namespace KernelGen.Tests.Hosting;

/// <summary>
/// A feature map twice: as the C# that the generator reads, and as the function, with its derivative, that references apply. The two are
/// written independently of each other.
/// </summary>
public sealed class PhiMap
{
    private PhiMap(string name, Func<double, double> value, Func<double, double> derivative, string? body = null) =>
        (Name, Value, Derivative, Body) = (name, value, derivative, body);

    /// <summary>elu(x) + 1, built in.</summary>
    public static PhiMap EluPlusOne { get; } = new("EluPlusOne", x => x > 0 ? x + 1 : Math.Exp(x), x => x > 0 ? 1 : Math.Exp(x));

    /// <summary>x, built in.</summary>
    public static PhiMap Identity { get; } = new("Identity", x => x, _ => 1);

    /// <summary>The logistic function: an exp that overflows to a quotient of 0.</summary>
    public static PhiMap Logistic { get; } = new(
        "Logistic",
        x => 1 / (1 + Math.Exp(-x)),
        x => 1 / (2 + Math.Exp(x) + Math.Exp(-x)),
        "return 1 / (1 + Functions.Exp(-x));");

    /// <summary>Square root, minimum and maximum.</summary>
    public static PhiMap Hyperbola { get; } = new(
        "Hyperbola",
        x => Math.Sqrt((Math.Clamp(x, -3, 4) * Math.Clamp(x, -3, 4)) + 0.5),
        x => x is < -3 or > 4 ? 0 : x / Math.Sqrt((x * x) + 0.5),
        "Real y = Functions.Min(Functions.Max(x, -3), 4); return Functions.Sqrt(y * y + Half);");

    /// <summary>Branches within branches: nested selects, an exp in one of them, rounding in another.</summary>
    public static PhiMap Pieces { get; } = new(
        "Pieces",
        x => x < -1 ? 0.25 * Math.Exp(x) : x < 0.5 ? 1 + Math.Abs(x) : Math.Floor(2 * x) + 1,
        x => x < -1 ? 0.25 * Math.Exp(x) : x < 0.5 ? Math.Sign(x) : 0,
        "if (x < -1) return Half * Half * Functions.Exp(x); return x < Half ? 1 + Functions.Abs(x) : Functions.Floor(2 * x) + 1;");

    /// <summary>ReLU squared: exact zeros, so that whole rows of scores vanish.</summary>
    public static PhiMap SquaredRelu { get; } = new(
        "SquaredRelu",
        x => x > 0 ? x * x : 0,
        x => x > 0 ? 2 * x : 0,
        "Real y = Functions.Max(x, 0); return y * y;");

    /// <summary>log(1 + exp(x)), written so that nothing overflows.</summary>
    public static PhiMap Softplus { get; } = new(
        "Softplus",
        x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
        x => 1 / (1 + Math.Exp(-x)),
        "return Functions.Max(x, 0) + Functions.Log(1 + Functions.Exp(-Functions.Abs(x)));");

    /// <summary>Sine, cosine and hyperbolic tangent.</summary>
    public static PhiMap Waves { get; } = new(
        "Waves",
        x => 2 + (Math.Sin(3 * x) * Math.Cos(x)) + Math.Tanh(x),
        x => (3 * Math.Cos(3 * x) * Math.Cos(x)) - (Math.Sin(3 * x) * Math.Sin(x)) + (1 - (Math.Tanh(x) * Math.Tanh(x))),
        "return 2 + Functions.Sin(3 * x) * Functions.Cos(x) + Functions.Tanh(x);");

    /// <summary>max(x, 0): x itself of numbers that are positive as they come, and a declaration may normalise by it.</summary>
    public static PhiMap PositivePart { get; } = new("PositivePart", x => Math.Max(x, 0), x => x > 0 ? 1 : 0, "return Functions.Max(x, 0);");

    /// <summary>Maps that a user wrote, for tests on numbers of any sign.</summary>
    public static IReadOnlyList<PhiMap> Own { get; } = [Logistic, Hyperbola, Pieces, SquaredRelu, Softplus, Waves];

    public string Name { get; }

    /// <summary>phi, in double precision.</summary>
    public Func<double, double> Value { get; }

    /// <summary>phi', in double precision; at a kink, where the right-hand piece begins, that of either side.</summary>
    public Func<double, double> Derivative { get; }

    /// <summary>Body of the C# method, over the aliases <c>Real</c> and <c>Functions</c> and the constant <c>Half</c>; null where the map is built in.</summary>
    public string? Body { get; }

    public override string ToString() => Name;
}
