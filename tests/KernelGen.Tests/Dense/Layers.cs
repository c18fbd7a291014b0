namespace KernelGen.Tests.Dense;

[DenseLayer(Inputs = 13, Outputs = 1)]
internal static partial class Narrow;

[DenseLayer(Inputs = 64, Outputs = 64, Bias = true)]
internal static partial class Whole;

/// <summary>Three blocks of k; a tail behind whole panels.</summary>
[DenseLayer(Inputs = 600, Outputs = 67, Bias = true, Activation = Activation.Silu)]
internal static partial class Deep;

[DenseLayer(Inputs = 67, Outputs = 33, Norm = InputNorm.SimpleRms, Activation = Activation.GeluTanh)]
internal static partial class Normed;

[DenseLayer(Inputs = 40, Outputs = 77, Bias = true, Gated = true, Activation = Activation.Silu, Norm = InputNorm.SimpleRms)]
internal static partial class Gated;

[DenseLayer(Inputs = 31, Outputs = 45, Gated = true, DType = DType.Float64)]
internal static partial class GatedDouble;

[DenseLayer(Inputs = 300, Outputs = 21, Bias = true, DType = DType.Float64)]
internal static partial class Mapped
{
    [FeatureMap]
    private static double Softsign(double x) => x / (1 + Math.Abs(x));
}

/// <summary>Identity weights make it the norm alone.</summary>
[DenseLayer(Inputs = 32, Outputs = 32, Norm = InputNorm.SimpleRms, DType = DType.Float64)]
internal static partial class NormDouble;

[DenseLayer(Inputs = 32, Outputs = 32, Norm = InputNorm.SimpleRms)]
internal static partial class NormSingle;
