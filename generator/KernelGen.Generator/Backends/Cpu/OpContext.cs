using KernelGen.Generator.Expressions;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Backends.Cpu;

/// <summary>What the writer of one op shares with the writer of the phase: the target, the memory, and where methods go.</summary>
internal sealed class OpContext(Dialect dialect, TileProgram program, MemoryPlan memory, CodeWriter methods, ClassMethods known)
{
    public Dialect Dialect { get; } = dialect;

    public TileProgram Program { get; } = program;

    public CodeWriter Methods { get; } = methods;

    /// <summary>Methods that the class has.</summary>
    public ClassMethods Known { get; } = known;

    public int Bytes => Program.ElementBytes;

    public int Lanes => Dialect.Target.Lanes(Bytes);

    public string Element => Dialect.ElementType(Bytes);

    /// <summary>Type of the caller's tokens.</summary>
    public string Token => Dialect.TokenType(Program.Tokens, Bytes);

    /// <summary>Bytes of an element of the caller's tokens.</summary>
    public int TokenBytes => IsNarrow ? 2 : Bytes;

    /// <summary>Whether the caller's tokens are of a 16-bit format: inputs are widened as they are loaded, outputs rounded from scratch.</summary>
    public bool IsNarrow => Program.Tokens != TokenFormat.Element;

    public string Vector => Dialect.VectorType(Bytes);

    /// <summary>Type of the elements that a reference to a tile points to. An output's are in scratch where they are not the caller's own type.</summary>
    public string ElementOf(Tile tile) => tile.Role == TileRole.Input ? Token : Element;

    public TileMemory Memory(Tile tile) => memory[Program, tile];

    /// <summary>A method name not used before in this class.</summary>
    public string UniqueName(string name) => Known.UniqueName(name);

    /// <summary>Vectors that hold <paramref name="elements"/>.</summary>
    public int Vectors(int elements) => (elements + Lanes - 1) / Lanes;

    /// <summary>Opens a kernel method: fully optimised from its first call, never inlined, unaffected by the project's checked arithmetic.</summary>
    public IDisposable Method(string summary, string signature)
    {
        Methods.Line();
        Methods.Line($"/// <summary>{summary.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</summary>");
        Methods.Line("[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]");
        CodeWriter.BlockScope outer = Methods.Block(signature);
        CodeWriter.BlockScope inner = Methods.Block("unchecked");
        return new Scopes(inner, outer);
    }

    public static string Title(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>Element offset <paramref name="index"/> times <paramref name="stride"/>, as text.</summary>
    public static string Times(string index, int stride) => stride == 1 ? index : $"{index} * {CodeWriter.Text(stride)}";

    /// <summary><c>Unsafe.Add(ref name, offset)</c>, or the name itself at offset 0.</summary>
    public static string At(string name, string offset) => offset == "0" ? name : $"Unsafe.Add(ref {name}, {offset})";

    /// <summary>Whether an expression mentions a leaf for which <paramref name="test"/> holds.</summary>
    public static bool Mentions(IEnumerable<Expr> trees, Func<Expr, bool> test)
    {
        bool found = false;
        foreach (Expr tree in trees)
        {
            Substitution.Rewrite(tree, e =>
            {
                found |= test(e);
                return null;
            });
        }

        return found;
    }

    private sealed class Scopes(CodeWriter.BlockScope inner, CodeWriter.BlockScope outer) : IDisposable
    {
        public void Dispose()
        {
            inner.Dispose();
            outer.Dispose();
        }
    }
}
