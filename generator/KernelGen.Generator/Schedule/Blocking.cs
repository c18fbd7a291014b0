using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Schedule;

/// <summary>A run of columns that one register tile covers.</summary>
/// <param name="FirstVector">First vector of the run.</param>
/// <param name="Vectors">Vectors in it.</param>
/// <param name="Rows">Rows of the register tile: as many accumulators as the registers hold beside one row of B and one element of A.</param>
internal readonly record struct Panel(int FirstVector, int Vectors, int Rows);

/// <summary>
/// Cuts a product into register tiles. A tile of R rows and V vectors keeps R V accumulators, V vectors of B and one broadcast of A in
/// registers (the JIT has no broadcasting multiply-add), so R V + V + 1 may not exceed the registers less one.
/// </summary>
internal static class Blocking
{
    /// <summary>
    /// Panels of a product's columns, widest first. A triangle is cut into panels of at most 64 bytes, so that little is computed right of the
    /// diagonal.
    /// </summary>
    public static IReadOnlyList<Panel> Panels(Target target, int elementBytes, TileOp.Gemm gemm)
    {
        int lanes = target.Lanes(elementBytes);
        int vectors = (gemm.Assigns[0].Target.Columns.Size + lanes - 1) / lanes;
        return Panels(target, vectors, gemm.Region == Region.Lower ? Math.Max(1, 64 / elementBytes / lanes) : target.MaxPanelVectors);
    }

    /// <summary>Panels of nearly equal width over <paramref name="vectors"/> vectors, widest first.</summary>
    public static IReadOnlyList<Panel> Panels(Target target, int vectors, int maxVectors)
    {
        return Split(vectors, Math.Min(target.MaxPanelVectors, maxVectors)).Select(p => new Panel(p.First, p.Width, MaxRows(target, p.Width))).ToList();
    }

    private static IEnumerable<(int First, int Width)> Split(int vectors, int limit)
    {
        int count = (vectors + limit - 1) / limit;
        int first = 0;
        for (int p = 0; p < count; p++)
        {
            int width = (vectors / count) + (p < vectors % count ? 1 : 0);
            yield return (first, width);
            first += width;
        }
    }

    /// <summary>
    /// Panels for a chunk of one row, a step's: as wide as keeps the multiply-adds busy, eight accumulators where the registers hold
    /// them, so that a row of B is read from end to end as it lies in memory.
    /// </summary>
    public static IReadOnlyList<Panel> SingleRowPanels(Target target, int elementBytes, TileOp.Gemm gemm)
    {
        if (gemm.Region == Region.Lower || target.VectorBytes == 0)
            return Panels(target, elementBytes, gemm);
        int lanes = target.Lanes(elementBytes);
        int vectors = (gemm.Assigns[0].Target.Columns.Size + lanes - 1) / lanes;
        int widest = Math.Min(8, (target.Registers - 2) / 2);
        return Split(vectors, widest).Select(p => new Panel(p.First, p.Width, 1)).ToList();
    }

    /// <summary>Register tiles of a whole chunk.</summary>
    public static int RegisterTiles(Target target, int elementBytes, TileOp.Gemm gemm)
    {
        int rows = gemm.Assigns[0].Target.Rows.Size;
        return Panels(target, elementBytes, gemm).Sum(p => (rows + p.Rows - 1) / p.Rows);
    }

    public static int MaxRows(Target target, int vectors)
    {
        int rows = (target.Registers - 2 - vectors) / vectors;
        return rows switch { >= 16 => 16, >= 12 => 12, >= 8 => 8, >= 6 => 6, _ => rows };
    }

    /// <summary>Row counts of the tiles that together cover any number of rows: the largest, then halves.</summary>
    public static IReadOnlyList<int> RowLadder(int rows)
    {
        List<int> ladder = [rows];
        for (int power = 16; power >= 1; power /= 2)
        {
            if (power < rows)
                ladder.Add(power);
        }

        return ladder;
    }

    /// <summary>A fixed number of rows as runs of equal tiles, nearly balanced: at most two sizes, the larger first.</summary>
    public static IReadOnlyList<(int Rows, int Count)> SplitRows(int total, int maxRows)
    {
        int tiles = (total + maxRows - 1) / maxRows;
        int small = total / tiles, larger = total % tiles;
        List<(int, int)> runs = [];
        if (larger > 0)
            runs.Add((small + 1, larger));
        if (tiles > larger)
            runs.Add((small, tiles - larger));
        return runs;
    }
}
