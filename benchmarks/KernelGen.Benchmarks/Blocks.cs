namespace KernelGen.Benchmarks;

/// <summary>A TransNormerLLM block of 512, four heads of 128.</summary>
[TransNormerBlock(EmbedDim = 512, Heads = 4, GluDim = 1408)]
public partial class TransNormerBlock512;

/// <summary>The same in double precision: what its results are checked against.</summary>
[TransNormerBlock(EmbedDim = 512, Heads = 4, GluDim = 1408, DType = DType.Float64, InstructionSets = InstructionSets.Avx2)]
public partial class TransNormerBlock512Double;
