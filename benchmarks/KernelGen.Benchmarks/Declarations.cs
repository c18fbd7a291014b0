namespace KernelGen.Benchmarks;

/// <summary>elu + 1, normalised, D = E = 64.</summary>
[LinearAttention(HeadDim = 64)]
public partial class LinearTransformer64;

/// <summary>elu + 1, normalised, D = E = 128.</summary>
[LinearAttention(HeadDim = 128)]
public partial class LinearTransformer128;

/// <summary>Published decay per head, no map, no normaliser, D = E = 64.</summary>
[LightningAttention(HeadDim = 64)]
public partial class Lightning64;

/// <summary>Published decay per head, no map, no normaliser, D = E = 128.</summary>
[LightningAttention(HeadDim = 128)]
public partial class Lightning128;
