using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>Checks of device calls: nothing is launched before everything has passed.</summary>
internal static class GpuValidation
{
    /// <summary>Elements that are read and written at once.</summary>
    private const int Four = 4;

    /// <summary>Of CUDA's grids, along y and z.</summary>
    private const int MaxBlocks = 65535;

    public static void CheckLength(string name, long actual, long expected, string form)
    {
        if (actual != expected)
            ArgumentFault.Expected(name, $"{Text(expected)} elements ({form})", Text(actual));
    }

    /// <summary>A tensor whose rows are whole fours of elements is read and written by fours.</summary>
    public static void CheckTensor<T>(string name, ArrayView<T> view, long expected, int width, string form)
        where T : unmanaged
    {
        CheckLength(name, view.Length, expected, form);
        if (width % Four == 0 && view.Length > 0 && Index(view) % Four != 0)
            ArgumentFault.Expected(name, $"a view that begins at a multiple of {Text(Four)} elements of its buffer", $"one at element {Text(Index(view))}");
    }

    /// <summary>A device takes so many blocks along an axis of a grid.</summary>
    /// <param name="name">What there are too many of.</param>
    /// <param name="blocks">Blocks along the axis.</param>
    /// <param name="each">Blocks for each.</param>
    public static void CheckGrid(string name, long blocks, int each)
    {
        if (blocks > MaxBlocks)
            ArgumentFault.Expected(name, $"at most {Text(MaxBlocks / each)} for a call on a GPU", Text(blocks / each));
    }

    public static void CheckApart<T>(string name, ArrayView<T> output, string otherName, ArrayView<T> input)
        where T : unmanaged
    {
        if (output.Length > 0 && input.Length > 0 && ReferenceEquals(Buffer(output), Buffer(input))
            && Index(output) < Index(input) + input.Length && Index(input) < Index(output) + output.Length)
        {
            ArgumentFault.Expected(name, $"memory apart from {otherName}", "views that overlap");
        }
    }

    // Views tell where they lie through interfaces only.
    private static long Index<TView>(TView view)
        where TView : struct, IContiguousArrayView => view.Index;

    private static MemoryBuffer Buffer<TView>(TView view)
        where TView : struct, IArrayView => view.Buffer;

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
