using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>The features of learned maps as functions of projected rows u, and the products of their gradients with the maps' derivatives.</summary>
internal static class LearnedFeatures
{
    public static double[] Of(LearnedMap map, double[] u)
    {
        double[] opposite = [.. u.Select(x => -x)];
        return map.Kind switch
        {
            LearnedKind.Gaussian => [.. u.Select(x => 0.1 * Math.Sin(x)), .. u.Select(x => 0.1 * Math.Cos(x))],
            LearnedKind.ArcCosine => [.. u.Select(x => Math.Max(x, 0) / Math.Sqrt(u.Length))],
            LearnedKind.Softmax => Halves(map, Softmax(u), Softmax(opposite)),
            LearnedKind.ShiftedExponential => Halves(map, Shifted(u), Shifted(opposite)),
            LearnedKind.Exponential => Halves(map, [.. u.Select(Math.Exp)], [.. opposite.Select(Math.Exp)]),
            LearnedKind.JointSoftmax => Floor(map, Softmax([.. u.Select(x => 2 * x), .. u.Select(x => -2 * x)])),
            LearnedKind.Relu => Floor(map, [.. u.Select(x => Math.Max(x, 0))]),
            _ => Floor(map, [.. u.Select(x => x > 0 ? x + 1 : Math.Exp(x))]),
        };
    }

    /// <summary>du, given dphi.</summary>
    public static double[] Back(LearnedMap map, double[] u, double[] gradient)
    {
        int p = u.Length;
        double[] phi = Of(map with { Floor = 0 }, u);
        double[] g = [.. gradient.Select((d, i) => map.IsRandomFeature || phi[i] >= map.Floor ? d : 0)];
        switch (map.Kind)
        {
            case LearnedKind.Gaussian:
                return [.. u.Select((_, i) => (g[i] * phi[p + i]) - (g[p + i] * phi[i]))];
            case LearnedKind.ArcCosine:
                return [.. u.Select((x, i) => x > 0 ? g[i] / Math.Sqrt(p) : 0)];
            case LearnedKind.Relu:
                return [.. u.Select((x, i) => x > 0 ? g[i] : 0)];
            case LearnedKind.EluPlusOne:
                return [.. u.Select((x, i) => g[i] * (x > 0 ? 1 : Math.Exp(x)))];
            case LearnedKind.JointSoftmax:
                double[] both = OfSoftmax(phi, g);
                return [.. u.Select((_, i) => 2 * (both[i] - both[p + i]))];
        }

        Func<double[], double[], double[]> half = map.Kind switch
        {
            LearnedKind.Softmax => OfSoftmax,
            LearnedKind.ShiftedExponential => OfShifted,
            _ => (f, d) => [.. f.Zip(d, (a, b) => a * b)],
        };
        double[] first = half(phi[..p], g[..p]);
        if (map.HalfSpace)
            return first;
        double[] second = half(phi[p..], g[p..]);
        return [.. first.Zip(second, (a, b) => a - b)];
    }

    private static double[] OfSoftmax(double[] phi, double[] gradient)
    {
        double along = phi.Zip(gradient, (a, b) => a * b).Sum();
        return [.. phi.Zip(gradient, (a, b) => a * (b - along))];
    }

    /// <summary>The greatest exponent is subtracted from all, its own too; several share it alike.</summary>
    private static double[] OfShifted(double[] phi, double[] gradient)
    {
        double along = phi.Zip(gradient, (a, b) => a * b).Sum() / phi.Count(f => f == 1);
        return [.. phi.Zip(gradient, (a, b) => (a * b) - (a == 1 ? along : 0))];
    }

    private static double[] Halves(LearnedMap map, double[] first, double[] second) => Floor(map, map.HalfSpace ? first : [.. first, .. second]);

    private static double[] Floor(LearnedMap map, double[] features) => [.. features.Select(f => Math.Max(f, map.Floor))];

    private static double[] Softmax(double[] exponents)
    {
        double[] shifted = Shifted(exponents);
        double sum = shifted.Sum();
        return [.. shifted.Select(e => e / sum)];
    }

    private static double[] Shifted(double[] exponents)
    {
        double greatest = exponents.Max();
        return [.. exponents.Select(e => Math.Exp(e - greatest))];
    }
}
