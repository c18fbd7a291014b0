using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>
/// Parameters of the method of one op, and the arguments its phase calls it with. Tiles keep their names: <c>kf</c> is the row-major copy,
/// <c>kfT</c> the transposed one; a tile of the caller's comes with a stride and starts at row <c>begin</c>.
/// </summary>
internal sealed class OpSignature(OpContext context)
{
    private readonly List<string> _parameters = [];
    private readonly List<string> _arguments = [];
    private readonly HashSet<string> _seen = [];

    public string Parameters => string.Join(", ", _parameters);

    public string Arguments => string.Join(", ", _arguments);

    public void Add(Tile tile)
    {
        string type = tile.Role == TileRole.Flags ? "bool" : context.ElementOf(tile);
        AddReference(tile.Name, type);
        if (tile.Role is TileRole.Input or TileRole.Output or TileRole.Numbers && _seen.Add(tile.Name + "Stride"))
        {
            _parameters.Add($"nint {tile.Name}Stride");
            _arguments.Add(tile.Name + "Stride");
        }
    }

    /// <summary>The copy of a tile that an operand reads.</summary>
    public void Add(Operand operand)
    {
        if (operand.By == Broadcast.Transposed)
            AddTransposed(operand.Tile);
        else
            Add(operand.Tile);
    }

    public void AddTransposed(Tile tile) => AddReference(tile.Name + "T", context.Element);

    public void AddReference(string name, string type)
    {
        if (!_seen.Add(name))
            return;
        _parameters.Add($"ref {type} {name}");
        _arguments.Add("ref " + name);
    }

    public void AddValue(string type, string name, string? argument = null)
    {
        if (!_seen.Add(name))
            return;
        _parameters.Add($"{type} {name}");
        _arguments.Add(argument ?? name);
    }
}
