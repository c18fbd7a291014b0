using KernelGen.Generator.Tiles;

namespace KernelGen.Tests.Oracles;

/// <summary>One call of a phase for one sequence and head: what the program's external tiles are, and how many tokens there are.</summary>
internal sealed class TileFrame
{
    public required int Length { get; init; }

    /// <summary>Rows that the unfinished chunk already holds.</summary>
    public int Begin { get; init; }

    /// <summary>Whether an unfinished chunk is folded in at the end.</summary>
    public bool Fold { get; init; }

    /// <summary>Token rows of input tiles, by name.</summary>
    public required IReadOnlyDictionary<string, double[][]> Inputs { get; init; }

    /// <summary>Token rows of output tiles, by name: written once each.</summary>
    public IReadOnlyDictionary<string, double[][]> Outputs { get; init; } = new Dictionary<string, double[][]>();

    /// <summary>Numbers that come with the call, by name of their tile.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>();

    /// <summary>Matrices that come with the call, by name of their tile.</summary>
    public IReadOnlyDictionary<string, Func<int, int, double>> Matrices { get; init; } = new Dictionary<string, Func<int, int, double>>();

    /// <summary>Numbers of the call's tokens, by name of their tile.</summary>
    public IReadOnlyDictionary<string, double[]> Numbers { get; init; } = new Dictionary<string, double[]>();

    /// <summary>What phases leave for one another, by name of the tile and by token.</summary>
    public Dictionary<string, double[][]> Tokens { get; init; } = [];

    /// <summary>One slot for each whole chunk of the call, where the phase belongs to a sweep that is cut along the sequence.</summary>
    public TileState[] Slots { get; init; } = [];

    /// <summary>One flag a token, or null where all are true.</summary>
    public bool[]? Flags { get; init; }
}

/// <summary>The tiles that outlive a call: the state at the last chunk boundary, and the unfinished chunk.</summary>
internal sealed class TileState
{
    private readonly Dictionary<Tile, double[,]> _tiles = [];

    /// <summary>The elements of a state or chunk tile. A state begins at zero; a chunk's rows are NaN until they are written.</summary>
    public double[,] this[Tile tile]
    {
        get
        {
            if (!_tiles.TryGetValue(tile, out double[,]? elements))
            {
                _tiles.Add(tile, elements = new double[tile.Rows.Size, tile.Columns.Size]);
                if (tile.Role is TileRole.Chunk or TileRole.Slot)
                    TileInterpreter.Poison(elements);
            }

            return elements;
        }
    }
}
