using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Gpu;

/// <summary>
/// The tiles of a phase that tensor cores multiply: in shared memory they are bfloat16, a lead and, but for copies of bfloat16 tensors as they are, a rest. Their places are those
/// of float32. States are read from copies that always have rests; other tiles stay float32.
/// </summary>
internal sealed class TensorTiles
{
    private readonly GpuSchedule _schedule;
    private readonly HashSet<Tile> _factors;
    private readonly HashSet<Tile> _whole = [];
    private TileOp? _op;

    public TensorTiles(GpuSchedule schedule)
    {
        _schedule = schedule;
        _factors = [.. schedule.Ops.OfType<TileOp.Gemm>().SelectMany(g => g.Terms).SelectMany(t => new[] { t.A, t.B })];
    }

    /// <summary>Whether a tile lies in shared memory as such.</summary>
    public bool Holds(Tile tile) => _factors.Contains(tile) && _schedule[tile].Home == GpuHome.Shared;

    /// <summary>Whether a tile has no rests at the op that is being written, as the op finds it.</summary>
    public bool IsWhole(Tile tile) => _whole.Contains(tile);

    /// <summary>Whether what the op leaves in a tile has no rests.</summary>
    public bool BecomesWhole(Tile tile) => _op is TileOp.Map map && _schedule.Program.Tokens == TokenFormat.BFloat16
        && map.Assigns.Where(a => a.Target == tile).All(a => a.Value is Expr.Arg arg && map.Operands[arg.Position] is { By: Broadcast.None, Tile.IsExternal: true });

    /// <summary>Called before each op, in order.</summary>
    public void Begin(TileOp op)
    {
        End();
        _op = op;
    }

    private void End()
    {
        if (_op is null)
            return;
        foreach (Tile tile in TileProgram.Writes(_op))
        {
            if (BecomesWhole(tile))
                _whole.Add(tile);
            else
                _whole.Remove(tile);
        }
    }

    /// <summary>The statement's expression that reads four neighbours.</summary>
    public string Read(Tile tile, string row, string word)
    {
        GpuTile home = _schedule[tile];
        string at = $"halves, {First(home, row)}, {row}, {word}";
        return IsWhole(tile) ? $"TensorTile.ReadWhole({at})" : $"TensorTile.Read({at}, {GpuContext.Text(home.FilledWords)})";
    }

    /// <summary>The statement that stores four neighbours.</summary>
    public string Write(Tile tile, string row, string word, string four)
    {
        GpuTile home = _schedule[tile];
        string at = $"halves, {First(home, row)}, {row}, {word}";
        return BecomesWhole(tile) ? $"TensorTile.WriteWhole({at}, {four});" : $"TensorTile.Write({at}, {GpuContext.Text(home.FilledWords)}, {four});";
    }

    /// <summary>Where a row begins, in words of four elements.</summary>
    private static string First(GpuTile home, string row) => $"{GpuContext.Text(2 * home.Offset)} + ({row} * {GpuContext.Text(2 * home.RowWords)})";
}
