namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Places variables with guards between them. Hardware has none, but within one variable a shift by whole rows of banks changes neither
/// conflicts nor alignment.
/// </summary>
internal sealed class PtxMemoryLayout(int guard)
{
    private readonly Dictionary<PtxVariable, int> _offsets = [];
    private readonly List<(int Start, int Size)> _spans = [];
    private int _end;

    public int OffsetOf(PtxVariable variable, int size)
    {
        if (_offsets.TryGetValue(variable, out int known))
            return known;
        int alignment = Math.Max(variable.Alignment, guard);
        int start = (_end + guard + alignment - 1) / alignment * alignment;
        _offsets.Add(variable, start);
        _spans.Add((start, size));
        _end = start + size;
        return start;
    }

    /// <summary>Lets the next function have variables of its own under names already placed.</summary>
    public void Forget(IEnumerable<PtxVariable> variables)
    {
        foreach (PtxVariable variable in variables)
            _offsets.Remove(variable);
    }

    public byte[] States()
    {
        if (_spans.Count == 0)
            return [];
        byte[] states = new byte[_end + guard];
        Array.Fill(states, MemoryRegion.Guard);

        // Zero is MemoryRegion.Unwritten.
        foreach ((int start, int size) in _spans)
            states.AsSpan(start, size).Clear();
        return states;
    }
}
