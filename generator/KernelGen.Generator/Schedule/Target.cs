namespace KernelGen.Generator.Schedule;

/// <summary>What a schedule must know of a level of vector instructions.</summary>
/// <param name="Name">As in type and method names.</param>
/// <param name="Level">The value of <c>KernelGen.InstructionSet</c>.</param>
/// <param name="VectorBytes">Bytes of a vector register; 0 where there are none.</param>
/// <param name="Registers">Architectural registers a register tile may count on.</param>
/// <param name="MaxPanelVectors">Widest register tile, in vectors.</param>
internal sealed record Target(string Name, int Level, int VectorBytes, int Registers, int MaxPanelVectors)
{
    public static readonly Target Scalar = new("Scalar", 0, 0, 16, 2);
    public static readonly Target Vector128 = new("Vector128", 1, 16, 16, 2);
    public static readonly Target Avx2 = new("Avx2", 2, 32, 16, 2);
    public static readonly Target Avx512 = new("Avx512", 3, 64, 32, 4);

    public static readonly Target[] All = [Scalar, Vector128, Avx2, Avx512];

    /// <summary>Elements of a vector; 1 where there are none.</summary>
    public int Lanes(int elementBytes) => Math.Max(1, VectorBytes / elementBytes);
}
