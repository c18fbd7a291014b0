namespace KernelGen.Tests.TransNormer;

[TransNormerBlock(EmbedDim = 24, Heads = 6, GluDim = 48, Bias = true)]
internal static partial class BiasedSingle;

[TransNormerBlock(EmbedDim = 24, Heads = 6, GluDim = 48, Bias = true, DType = DType.Float64)]
internal static partial class BiasedDouble;

/// <summary>Heads together wider than the rows, odd widths.</summary>
[TransNormerBlock(EmbedDim = 21, Heads = 3, HeadDim = 10, GluDim = 35, DType = DType.Float64)]
internal static partial class OddDouble;

[TransNormerBlock(EmbedDim = 64, Heads = 2, GluDim = 67)]
internal static partial class PlainSingle;
