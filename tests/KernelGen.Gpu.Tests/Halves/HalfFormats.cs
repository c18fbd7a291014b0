namespace KernelGen.Gpu.Tests.Halves;

/// <summary>A 16-bit format with its product on tensor cores.</summary>
public interface IHalfFormat
{
    void Multiply(ref Float4 c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1);

    uint PackOnTensorCore(float low, float high);

    uint Pack(float low, float high);

    float Low(uint word);

    float LowOnTensorCore(uint word);

    float HighOnTensorCore(uint word);
}

public readonly struct Float16 : IHalfFormat
{
    public void Multiply(ref Float4 c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1) =>
        TensorCore.MultiplyFloat16(ref c.X, ref c.Y, ref c.Z, ref c.W, a0, a1, a2, a3, b0, b1);

    public uint PackOnTensorCore(float low, float high) => TensorCore.PackFloat16(low, high);

    public uint Pack(float low, float high) => HalfWords.PackFloat16(low, high);

    public float Low(uint word) => HalfWords.LowFloat16(word);

    public float LowOnTensorCore(uint word) => TensorCore.LowFloat16(word);

    public float HighOnTensorCore(uint word) => TensorCore.HighFloat16(word);
}

public readonly struct BFloat16 : IHalfFormat
{
    public void Multiply(ref Float4 c, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1) =>
        TensorCore.MultiplyBFloat16(ref c.X, ref c.Y, ref c.Z, ref c.W, a0, a1, a2, a3, b0, b1);

    public uint PackOnTensorCore(float low, float high) => TensorCore.PackBFloat16(low, high);

    public uint Pack(float low, float high) => HalfWords.PackBFloat16(low, high);

    public float Low(uint word) => HalfWords.LowBFloat16(word);

    public float LowOnTensorCore(uint word) => HalfWords.LowBFloat16(word);

    public float HighOnTensorCore(uint word) => HalfWords.HighBFloat16(word);
}
