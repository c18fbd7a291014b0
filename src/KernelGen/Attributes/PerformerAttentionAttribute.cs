namespace KernelGen;

/// <summary>
/// Attention by random features: rows are projected by a matrix P [M, D] that comes with each call (<c>AttentionOptions.Projection</c>), u = c x P^T, and mapped
/// to features phi, M of them or, as pairs, 2 M; then o_t = sum_s phi(q_t).phi(k_s) v_s / (sum_s phi(q_t).phi(k_s) + eps), over s &lt;= t where causal.
/// </summary>
/// <remarks>
/// Sources: Choromanski et al., "Rethinking Attention with Performers", ICLR 2021; google-research/performer (JAX, TensorFlow, slim_performer);
/// lucidrains/performer-pytorch. c = D^(-1/4) unless <see cref="NormalizeInputs"/> is false. The generalised kernel's f is max(x, 0), or the class's own method
/// marked <see cref="FeatureMapAttribute"/>.
/// </remarks>
public sealed class PerformerAttentionAttribute : AttentionAttribute
{
    /// <summary>Rows M of the projection, from 1 to 4096; 0 (the default) means D ln D, rounded down, as lucidrains has it.</summary>
    public int Features { get; set; }

    /// <summary>What features are a function of. Default: positive features of the softmax kernel.</summary>
    public PerformerKernel Kernel { get; set; } = PerformerKernel.Positive;

    /// <summary>What the exponents of positive and trigonometric features are stabilised by. Not set: the running maximum where causal, the maximum over the sequence elsewhere.</summary>
    public Stabilizer Stabilizer { get; set; } = Stabilizer.RunningMaximum;

    /// <summary>Added to every feature (of <see cref="PerformerKernel.Positive"/>, before the factor M^(-1/2)). Not set: 1e-4, or 1e-3 for the generalised kernel, as lucidrains has them.</summary>
    public double FeatureEpsilon { get; set; } = double.NaN;

    /// <summary>A feature that is this for every row, so that every score has its square more. Not set: there is none. Only for <see cref="PerformerKernel.RandomFourier"/>.</summary>
    public double Smoothing { get; set; } = double.NaN;

    /// <summary>Whether rows are multiplied by c = D^(-1/4) before they are projected. Default true; false is JAX's <c>normalize_data=False</c>.</summary>
    public bool NormalizeInputs { get; set; } = true;

    /// <summary>Whether features are multiplied by r = M^(-1/2). Not set: they are, but those of the generalised kernel.</summary>
    public bool ScaleFeatures { get; set; } = true;

    /// <summary>Whether outputs are divided by the sum of the weights. Default true.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>The eps of the denominator; default 1e-6. Only read where <see cref="Normalize"/>.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>What <see cref="Epsilon"/> does. Default: it is added to the denominator.</summary>
    public EpsilonRule EpsilonRule { get; set; } = EpsilonRule.Denominator;
}
