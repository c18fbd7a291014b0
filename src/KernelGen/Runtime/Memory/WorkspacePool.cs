namespace KernelGen.Runtime;

/// <summary>
/// Workspaces for calls that bring none: a few slots, each taken and filled by one atomic exchange. The search always begins at the first
/// slot, so that calls that do not overlap share one workspace, which soon has the size of the largest.
/// </summary>
internal static class WorkspacePool
{
    private static readonly Workspace?[] _slots = new Workspace?[Math.Max(8, 2 * Environment.ProcessorCount)];

    public static Workspace Rent()
    {
        foreach (ref Workspace? slot in _slots.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } workspace)
                return workspace;
        }

        return new Workspace();
    }

    public static void Return(Workspace workspace)
    {
        foreach (ref Workspace? slot in _slots.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, workspace, null) is null)
                return;
        }

        // More calls at once than there are slots: the collector takes this one.
    }
}
