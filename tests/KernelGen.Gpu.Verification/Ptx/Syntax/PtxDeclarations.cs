namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>State spaces of variables.</summary>
public enum PtxSpace
{
    /// <summary>Generic addresses: any of the others but parameters.</summary>
    Generic,
    Global,
    Shared,
    Local,
    Const,
    Param,
}

/// <summary>One register of a function.</summary>
/// <param name="Name">Its name in the text.</param>
/// <param name="Type">Its type.</param>
/// <param name="Index">Dense number within the function, predicates and others counted apart.</param>
public sealed record PtxRegister(string Name, PtxType Type, int Index);

/// <summary>A variable in memory, or a parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Space">Where it lies.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Alignment">Bytes.</param>
/// <param name="Size">Bytes; 0 for memory whose size is known at launch.</param>
/// <param name="Initial">Initial bytes, or null.</param>
public sealed record PtxVariable(string Name, PtxSpace Space, PtxType Type, int Alignment, int Size, byte[]? Initial)
{
    /// <summary>Identity, not value: equal names in two scopes are two variables.</summary>
    public bool Equals(PtxVariable? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A pair of braces: names declared in it hide those around it, as in blocks of inline assembly.</summary>
public sealed class PtxScope(PtxScope? parent)
{
    private readonly Dictionary<string, object> _declarations = [];
    private readonly Dictionary<string, int> _labels = [];

    /// <summary>The braces around it.</summary>
    public PtxScope? Parent { get; } = parent;

    /// <summary>Labels and the tables of branch targets that they name.</summary>
    public Dictionary<string, IReadOnlyList<PtxName>> Tables { get; } = [];

    internal void Declare(string name, object declaration) => _declarations[name] = declaration;

    internal bool TryAddLabel(string name, int instruction) => _labels.TryAdd(name, instruction);

    internal object? Find(string name) => _declarations.GetValueOrDefault(name) ?? Parent?.Find(name);

    internal int? FindLabel(string name) => _labels.TryGetValue(name, out int at) ? at : Parent?.FindLabel(name);

    internal IReadOnlyList<PtxName>? FindTable(string name) => Tables.GetValueOrDefault(name) ?? Parent?.FindTable(name);
}
