namespace KernelGen.Benchmarks;

/// <summary>elu + 1, normalised, D = E = 64.</summary>
[LinearAttention(HeadDim = 64)]
public partial class LinearTransformer64;

/// <summary>The same, its tensors in bfloat16.</summary>
[LinearAttention(HeadDim = 64, DType = DType.BFloat16)]
public partial class LinearTransformer64BFloat16;

/// <summary>elu + 1, normalised, D = E = 128.</summary>
[LinearAttention(HeadDim = 128)]
public partial class LinearTransformer128;

/// <summary>Published decay per head, no map, no normaliser, D = E = 16. So are the others below, each of its own dim.</summary>
[LightningAttention(HeadDim = 16)]
public partial class Lightning16;

[LightningAttention(HeadDim = 32)]
public partial class Lightning32;

[LightningAttention(HeadDim = 64)]
public partial class Lightning64;

[LightningAttention(HeadDim = 96)]
public partial class Lightning96;

[LightningAttention(HeadDim = 128)]
public partial class Lightning128;

[LightningAttention(HeadDim = 192)]
public partial class Lightning192;

[LightningAttention(HeadDim = 256)]
public partial class Lightning256;
