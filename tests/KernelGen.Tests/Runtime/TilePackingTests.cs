using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

/// <summary>Transposes between arrays that end exactly where the tile does, with NaN around it: nothing outside may be written, and nothing from outside may arrive.</summary>
public sealed class TilePackingTests
{
    private static readonly int[] s_sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 20, 24, 31, 32, 33, 47, 64];

    [Theory]
    [InlineData(InstructionSet.Avx512)]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Vector128)]
    [InlineData(InstructionSet.Scalar)]
    public void Transpose_AnyShape_MovesTheTileAndNothingElse(InstructionSet level)
    {
        foreach (int rows in s_sizes)
        {
            foreach (int columns in s_sizes)
            {
                Check<float>(rows, columns, level, i => i, float.NaN, Single);
                Check<double>(rows, columns, level, i => i, double.NaN, Double);
            }
        }
    }

    private delegate void Transpose<T>(InstructionSet level, ref readonly T source, nint sourceStride, ref T destination, nint destinationStride, int rows, int columns);

    private static void Check<T>(int rows, int columns, InstructionSet level, Func<int, T> element, T guard, Transpose<T> transpose)
        where T : struct, IEquatable<T>
    {
        int sourceStride = columns + 3, destinationStride = rows + 5;
        const int Before = 7;
        T[] source = new T[Before + ((rows - 1) * sourceStride) + columns];
        T[] destination = new T[Before + ((columns - 1) * destinationStride) + rows];
        Array.Fill(source, guard);
        Array.Fill(destination, guard);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                source[Before + (r * sourceStride) + c] = element((r * columns) + c);
        }

        transpose(level, in source[Before], sourceStride, ref destination[Before], destinationStride, rows, columns);

        for (int i = 0; i < destination.Length; i++)
        {
            int c = Math.DivRem(i - Before, destinationStride, out int r);
            T expected = i >= Before && r < rows ? element((r * columns) + c) : guard;
            if (!expected.Equals(destination[i]))
                Assert.Fail($"{level}, {rows} x {columns}, at ({c}, {r}): {destination[i]}");
        }
    }

    private static void Single(InstructionSet level, ref readonly float source, nint sourceStride, ref float destination, nint destinationStride, int rows, int columns)
    {
        switch (level)
        {
            case InstructionSet.Avx512: TilePacking.Transpose512(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
            case InstructionSet.Avx2: TilePacking.Transpose256(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
            case InstructionSet.Vector128: TilePacking.Transpose128(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
            default: TilePacking.TransposeScalar(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
        }
    }

    private static void Double(InstructionSet level, ref readonly double source, nint sourceStride, ref double destination, nint destinationStride, int rows, int columns)
    {
        switch (level)
        {
            case InstructionSet.Avx512: TilePacking.Transpose512(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
            case InstructionSet.Avx2: TilePacking.Transpose256(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
            case InstructionSet.Vector128: TilePacking.Transpose128(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
            default: TilePacking.TransposeScalar(in source, sourceStride, ref destination, destinationStride, rows, columns); break;
        }
    }
}
