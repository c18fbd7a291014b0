using System.Runtime.InteropServices;
using ILGPU;

namespace KernelGen.Gpu;

/// <summary>Sizes of the gradient of a tensor whose heads several query heads share.</summary>
/// <param name="inner">Elements from a head to the next: a row, or with heads first a head's tokens.</param>
/// <param name="heads">Heads of the tensor.</param>
/// <param name="group">Query heads that share one.</param>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupShape(int inner, int heads, int group)
{
    public int Inner = inner;
    public int Heads = heads;
    public int Group = group;
}

/// <summary>sum[x, g, i] = sum_j part[x, g G + j, i], the parts of a group's heads in order: every head has computed its own.</summary>
internal static class GroupSums
{
    public static void Single(Index1D index, ArrayView<float> parts, ArrayView<float> sums, GroupShape shape) => sums[index] = Sum(index, parts, shape);

    public static void Float16(Index1D index, ArrayView<float> parts, ArrayView<ushort> sums, GroupShape shape) => sums[index] = (ushort)HalfWords.Float16(Sum(index, parts, shape));

    public static void BFloat16(Index1D index, ArrayView<float> parts, ArrayView<ushort> sums, GroupShape shape) => sums[index] = (ushort)HalfWords.BFloat16(Sum(index, parts, shape));

    private static float Sum(int index, ArrayView<float> parts, GroupShape shape)
    {
        int row = index / shape.Inner, i = index - (row * shape.Inner), outer = row / shape.Heads, head = row - (outer * shape.Heads);
        long first = ((((long)outer * shape.Heads) + head) * shape.Group * shape.Inner) + i;
        float sum = 0f;
        for (int j = 0; j < shape.Group; j++)
            sum += parts[first + ((long)j * shape.Inner)];
        return sum;
    }
}
