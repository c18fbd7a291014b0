namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>What a kind of access to shared or global memory took.</summary>
/// <param name="Instructions">Warp instructions.</param>
/// <param name="Units">Wavefronts of shared memory, or sectors of 32 bytes of global memory.</param>
/// <param name="LeastUnits">The fewest that the same instructions could take: no bank conflicts, all of every sector used.</param>
/// <param name="Bytes">Bytes of global memory asked for, each once an instruction; 0 for shared memory.</param>
public readonly record struct PtxTraffic(long Instructions, long Units, long LeastUnits, long Bytes)
{
    /// <summary>Units over the least; 1 is perfect.</summary>
    public double Ratio => LeastUnits == 0 ? 1 : (double)Units / LeastUnits;

    internal PtxTraffic Plus(long units, long least, long bytes) => new(Instructions + 1, Units + units, LeastUnits + least, Bytes + bytes);
}

/// <summary>What one launch executed. Memory is counted only where <see cref="PtxOptions.CountMemory"/> says so.</summary>
public sealed class PtxCounters
{
    private readonly Dictionary<string, long> _byMnemonic = [];
    private readonly Dictionary<int, PtxTraffic> _byLine = [];

    /// <summary>Warp instructions by mnemonic, such as "ld.shared.v4.f32".</summary>
    public IReadOnlyDictionary<string, long> ByMnemonic => _byMnemonic;

    /// <summary>Traffic by PTX line, of every access to shared or global memory.</summary>
    public IReadOnlyDictionary<int, PtxTraffic> ByLine => _byLine;

    /// <summary>Warp instructions of all kinds.</summary>
    public long WarpInstructions { get; private set; }

    /// <summary>Matrix products of a warp: what becomes HMMA instructions.</summary>
    public long MatrixProducts => Instructions("mma");

    /// <summary>Barriers that blocks passed, added up over blocks.</summary>
    public long Barriers { get; internal set; }

    /// <summary>Loads from shared memory, in wavefronts.</summary>
    public PtxTraffic SharedLoads { get; private set; }

    /// <summary>Stores to shared memory, in wavefronts.</summary>
    public PtxTraffic SharedStores { get; private set; }

    /// <summary>Loads from global memory, in sectors.</summary>
    public PtxTraffic GlobalLoads { get; private set; }

    /// <summary>Stores to global memory and updates of it, in sectors.</summary>
    public PtxTraffic GlobalStores { get; private set; }

    /// <summary>Warp instructions whose mnemonic starts so, whole parts compared: "ld.shared" counts "ld.shared.v4.f32".</summary>
    public long Instructions(string mnemonic) =>
        _byMnemonic.Where(pair => pair.Key == mnemonic || pair.Key.StartsWith($"{mnemonic}.", StringComparison.Ordinal)).Sum(pair => pair.Value);

    internal void AddShared(PtxStep step, long wavefronts, long least, bool isWrite)
    {
        if (isWrite)
            SharedStores = SharedStores.Plus(wavefronts, least, 0);
        else
            SharedLoads = SharedLoads.Plus(wavefronts, least, 0);
        AddLine(step, wavefronts, least, 0);
    }

    internal void AddGlobal(PtxStep step, long sectors, long least, long bytes, bool isWrite)
    {
        if (isWrite)
            GlobalStores = GlobalStores.Plus(sectors, least, bytes);
        else
            GlobalLoads = GlobalLoads.Plus(sectors, least, bytes);
        AddLine(step, sectors, least, bytes);
    }

    internal void AddInstructions(IEnumerable<PtxStep> steps)
    {
        foreach (PtxStep step in steps.Where(step => step.Count > 0))
        {
            WarpInstructions += step.Count;
            _byMnemonic[step.Instruction.Mnemonic] = _byMnemonic.GetValueOrDefault(step.Instruction.Mnemonic) + step.Count;
        }
    }

    private void AddLine(PtxStep step, long units, long least, long bytes) =>
        _byLine[step.Instruction.Line] = _byLine.GetValueOrDefault(step.Instruction.Line).Plus(units, least, bytes);
}
