namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>A function or entry.</summary>
public sealed class PtxFunction
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a launch starts it.</summary>
    public required bool IsEntry { get; init; }

    /// <summary>Its parameters.</summary>
    public required IReadOnlyList<PtxVariable> Parameters { get; init; }

    /// <summary>What it returns; empty for entries.</summary>
    public required IReadOnlyList<PtxVariable> Results { get; init; }

    /// <summary>Its instructions, those of inline assembly among them; empty where only declared.</summary>
    public IList<PtxInstruction> Instructions { get; } = [];

    /// <summary>Its variables in local and shared memory and the parameters of its calls.</summary>
    public IList<PtxVariable> Variables { get; } = [];

    /// <summary>Its registers but predicates.</summary>
    public IList<PtxRegister> Registers { get; } = [];

    /// <summary>Its predicates.</summary>
    public IList<PtxRegister> Predicates { get; } = [];

    /// <summary>Instructions that a label stands before, by number: where basic blocks start.</summary>
    public ISet<int> Labelled { get; } = new HashSet<int>();

    /// <summary>Threads a block that it was compiled for (.maxntid, .reqntid), or null.</summary>
    public int? MaxThreads { get; internal set; }

    /// <summary>Whether the text has a body.</summary>
    public bool IsDefined { get; internal set; }
}

/// <summary>A PTX text.</summary>
public sealed class PtxModule
{
    /// <summary>Version of the language, such as "7.8".</summary>
    public string Version { get; internal set; } = "";

    /// <summary>Architecture, such as "sm_80".</summary>
    public string Target { get; internal set; } = "";

    /// <summary>Functions by name; a definition replaces its declaration.</summary>
    public IDictionary<string, PtxFunction> Functions { get; } = new Dictionary<string, PtxFunction>();

    /// <summary>Variables outside functions.</summary>
    public IList<PtxVariable> Variables { get; } = [];

    /// <summary>Entries in the order of the text.</summary>
    public IEnumerable<PtxFunction> Entries => Functions.Values.Where(function => function.IsEntry);

    /// <summary>Reads a text.</summary>
    /// <exception cref="PtxSyntaxException">It is not PTX as this reader knows it; the message quotes the line.</exception>
    public static PtxModule Parse(string text) => new PtxParser(text).Parse();
}
