namespace KernelGen.Benchmarks.Measuring;

/// <summary>What a variant computes: its map, with derivative, and what is done with the weights. <paramref name="Epsilon"/> is null where outputs are not normalised.</summary>
internal sealed record Mathematics(Func<double, double> Map, Func<double, double> Derivative, double? Epsilon, Func<int, int, double> Slope)
{
    /// <summary>elu + 1, normalised, no decay.</summary>
    public static Mathematics LinearTransformer { get; } = new(static x => x > 0 ? x + 1 : Math.Exp(x), static x => x > 0 ? 1 : Math.Exp(x), 1e-6, static (_, _) => 0);

    /// <summary>No map, no normaliser, the published decay per head.</summary>
    public static Mathematics Lightning { get; } = new(static x => x, static _ => 1, null, LightningSlopes.Of);

    /// <summary>No map, no normaliser, no decay: the bare op of the peers.</summary>
    public static Mathematics Bare { get; } = new(static x => x, static _ => 1, null, static (_, _) => 0);
}
