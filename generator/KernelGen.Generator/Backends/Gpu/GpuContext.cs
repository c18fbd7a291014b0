using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// What the writers of a phase's ops share: the schedule, the writer, how elements of tiles are spelt, and which parts of shared memory have been touched since the
/// threads of the block last met.
/// </summary>
internal sealed class GpuContext(GpuSchedule schedule, GpuSlices slices, IReadOnlyList<GpuParameter> parameters, TensorTiles? tensors, CodeWriter writer)
{
    private readonly HashSet<(int Offset, int End)> _written = [];
    private readonly HashSet<(int Offset, int End)> _read = [];
    private int _next;

    public GpuSchedule Schedule { get; } = schedule;

    /// <summary>How the phase is cut.</summary>
    public GpuSlices Slices { get; } = slices;

    public CodeWriter Out { get; } = writer;

    /// <summary>What tensor cores multiply; null in a kernel without them.</summary>
    public TensorTiles? Tensors { get; } = tensors;

    public int Threads => Schedule.Threads;

    /// <summary>How the caller's tensors are stored.</summary>
    public TokenFormat Format => Schedule.Program.Tokens;

    /// <summary>Whether a tile is a tensor of 16-bit elements.</summary>
    public bool IsNarrow(Tile tile) => Format != TokenFormat.Element && parameters.Contains(new GpuParameter(tile.Name, GpuParameterKind.Tensor));

    public static string[] Components { get; } = ["X", "Y", "Z", "W"];

    /// <summary>A number for names of this op's own.</summary>
    public int Unique() => _next++;

    public static string Text(int value) => CodeWriter.Text(value);

    /// <summary>Says what an op, or a stage of one, is about to read and write; threads meet where that would cross what was done since they last met.</summary>
    public void Order(IEnumerable<(int Offset, int Words)> reads, IEnumerable<(int Offset, int Words)> writes)
    {
        (int Offset, int End)[] r = [.. reads.Select(p => (p.Offset, p.Offset + p.Words))], w = [.. writes.Select(p => (p.Offset, p.Offset + p.Words))];
        if (r.Any(p => Crosses(p, _written)) || w.Any(p => Crosses(p, _written) || Crosses(p, _read)))
            Meet();
        _read.UnionWith(r);
        _written.UnionWith(w);
    }

    /// <summary>A barrier, where anything was touched since the last.</summary>
    public void Meet()
    {
        if (_written.Count == 0 && _read.Count == 0)
            return;
        Out.Line("Group.Barrier();");
        _written.Clear();
        _read.Clear();
    }

    /// <summary>The shared memory of tiles, registers and device memory aside.</summary>
    public IEnumerable<(int Offset, int Words)> Places(IEnumerable<Tile> tiles) => tiles
        .Select(t => Schedule[t])
        .Where(t => t.Home is GpuHome.Shared or GpuHome.SharedVector)
        .Select(t => (t.Offset, t.Words));

    /// <summary>The word of a matrix in shared memory at a row and a word of the row. Words are swizzled: word w of row r lies at w ^ f(r), f(r) = (r ^ r / 4) mod 8.</summary>
    public static string Word(GpuTile tile, string row, string word) =>
        $"shared[{Plus(tile.Offset)}({row} * {Text(tile.RowWords)}) + ({word} ^ (({row} ^ ({row} >> 2)) & 7))]";

    /// <summary>An element of a matrix in shared memory.</summary>
    public static string Scalar(GpuTile tile, string row, string column) =>
        $"scalars[(({Plus(tile.Offset)}({row} * {Text(tile.RowWords)}) + (({column} >> 2) ^ (({row} ^ ({row} >> 2)) & 7))) << 2) + ({column} & 3)]";

    /// <summary>An element of a vector in shared memory.</summary>
    public static string Element(GpuTile vector, string index) => vector.Offset == 0 ? $"scalars[{index}]" : $"scalars[{Text(vector.Offset * 4)} + ({index})]";

    /// <summary>Quotient and remainder of an index that is not negative.</summary>
    public static string Divide(string index, int by) => by == 1 ? index : IsPower(by, out int shift) ? $"({index} >> {Text(shift)})" : $"({index} / {Text(by)})";

    public static string Modulo(string index, int by) => by == 1 ? "0" : IsPower(by, out _) ? $"({index} & {Text(by - 1)})" : $"({index} % {Text(by)})";

    private static string Plus(int offset) => offset == 0 ? "" : Text(offset) + " + ";

    private static bool IsPower(int value, out int shift)
    {
        shift = 0;
        while (1 << shift < value)
            shift++;
        return 1 << shift == value;
    }

    private static bool Crosses((int Offset, int End) place, HashSet<(int Offset, int End)> places) => places.Any(p => p.Offset < place.End && place.Offset < p.End);
}
