using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>A workspace, the caller's or the pool's, for the length of one call; disposing of it gives it back.</summary>
internal readonly ref struct WorkspaceLease
{
    private readonly Workspace _workspace;
    private readonly bool _pooled;

    private WorkspaceLease(Workspace workspace, bool pooled) => (_workspace, _pooled) = (workspace, pooled);

    public static WorkspaceLease Take(Workspace? workspace, long bytes)
    {
        bool pooled = workspace is null;
        workspace ??= WorkspacePool.Rent();
        workspace.Enter(bytes);
        return new WorkspaceLease(workspace, pooled);
    }

    public WorkerTeam Team => _workspace.Team;

    /// <summary>The element at a byte offset, which must suit the element type.</summary>
    public ref T At<T>(long offset)
        where T : unmanaged => ref Unsafe.As<byte, T>(ref Unsafe.Add(ref _workspace.First, (nint)offset));

    public void Dispose()
    {
        _workspace.Exit();
        if (_pooled)
            WorkspacePool.Return(_workspace);
    }
}
