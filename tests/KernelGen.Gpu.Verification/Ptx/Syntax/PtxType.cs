namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>The fundamental types of PTX.</summary>
public enum PtxType
{
    None, Pred, B8, B16, B32, B64, B128, U8, U16, U32, U64, S8, S16, S32, S64, F16, F32, F64, F16x2, Bf16, Bf16x2, Tf32,
}

/// <summary>Facts of types.</summary>
public static class PtxTypes
{
    private static readonly Dictionary<string, PtxType> _byName =
        Enum.GetValues<PtxType>().Where(type => type != PtxType.None).ToDictionary(type => type.ToString().ToLowerInvariant());

    /// <summary>The type of a name without its dot, such as "f32".</summary>
    public static bool TryParse(string name, out PtxType type) => _byName.TryGetValue(name, out type);

    /// <summary>Bytes in memory; 0 for predicates.</summary>
    public static int Size(this PtxType type) => type switch
    {
        PtxType.B8 or PtxType.U8 or PtxType.S8 => 1,
        PtxType.B16 or PtxType.U16 or PtxType.S16 or PtxType.F16 or PtxType.Bf16 => 2,
        PtxType.B32 or PtxType.U32 or PtxType.S32 or PtxType.F32 or PtxType.F16x2 or PtxType.Bf16x2 or PtxType.Tf32 => 4,
        PtxType.B64 or PtxType.U64 or PtxType.S64 or PtxType.F64 => 8,
        PtxType.B128 => 16,
        _ => 0,
    };

    /// <summary>Whether loads of it extend the sign.</summary>
    public static bool IsSigned(this PtxType type) => type is PtxType.S8 or PtxType.S16 or PtxType.S32 or PtxType.S64;

    /// <summary>Whether it is one of IEEE's three formats.</summary>
    public static bool IsFloat(this PtxType type) => type is PtxType.F16 or PtxType.F32 or PtxType.F64;
}
