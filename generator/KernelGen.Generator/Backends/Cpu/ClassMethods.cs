using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>The methods that an emitted class has so far: phases that have an op or a register tile in common share its method.</summary>
internal sealed class ClassMethods
{
    private readonly HashSet<string> _names = [];

    /// <summary>Calls of ops, by the op and the tiles of it that are kept in a transposed copy too: that is all its method depends on.</summary>
    public Dictionary<(TileOp Op, string Transposed), string> Ops { get; } = [];

    /// <summary>Names of register tiles, by what they compute, from which parameters, and how far elements lie apart.</summary>
    public Dictionary<(string Summary, string Parameters, string Distances), string> RegisterTiles { get; } = [];

    /// <summary>A method name not used before in this class.</summary>
    public string UniqueName(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
            unique = name + "_" + CodeWriter.Text(i);
        return unique;
    }
}
