namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Asynchronous copies into shared memory. Their bytes arrive when their group is waited for, at the latest moment that hardware allows.</summary>
internal sealed partial class PtxWarp
{
    private List<List<PendingCopy>>?[]? _groups;
    private List<PendingCopy>?[]? _open;

    private readonly record struct PendingCopy(int Destination, byte[] Bytes);

    public void AddCopy(int lane, int destination, byte[] bytes)
    {
        _open ??= new List<PendingCopy>?[Size];
        (_open[lane] ??= []).Add(new PendingCopy(destination, bytes));
    }

    public void CommitCopies(int lane)
    {
        _groups ??= new List<List<PendingCopy>>?[Size];
        (_groups[lane] ??= []).Add(_open?[lane] ?? []);
        if (_open is not null)
            _open[lane] = null;
    }

    /// <summary>Finishes all groups of a thread but the last ones.</summary>
    public void WaitForCopies(PtxStep step, int lane, int remaining)
    {
        List<List<PendingCopy>>? groups = _groups?[lane];
        while (groups?.Count > remaining)
        {
            foreach (PendingCopy copy in groups[0])
            {
                RaceCheck.Write(step, this, lane, Block.Shared, copy.Destination, copy.Bytes.Length);
                copy.Bytes.CopyTo(Block.Shared.Data, copy.Destination);
                Block.Shared.States.AsSpan(copy.Destination, copy.Bytes.Length).Fill(MemoryRegion.Written);
            }

            groups.RemoveAt(0);
        }
    }

    private void StartCopies()
    {
        _groups = null;
        _open = null;
    }
}
