using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace KernelGen.Runtime;

/// <summary>
/// Threads of the pool that help a call, which takes part itself. One object, made once a workspace, is what is queued as often as there shall be helpers,
/// so that nothing is allocated. A helper that starts late, even after its call has ended, joins the call under way or leaves.
/// </summary>
internal sealed unsafe class WorkerTeam : IThreadPoolWorkItem
{
    private void* _work;
    private delegate*<WorkerTeam, int, void> _loop;
    private CancellationToken _token;
    private Exception? _failure;
    private int _units;
    private int _limit;
    private int _open;
    private bool _canceled;
    private volatile bool _stopped;

    /// <summary>Helpers that are queued and have not started.</summary>
    private int _pending;

    /// <summary>Helpers that may be looking at the work.</summary>
    private int _inside;

    /// <summary>Helpers that have joined the work.</summary>
    private int _joined;

    private Counters _counters;

    /// <summary>Runs every unit and returns when no worker is at work any more.</summary>
    /// <typeparam name="TWork">The work, specialised: calls are direct.</typeparam>
    /// <param name="work">Copied here: workers look at the copy, which stands on the stack whatever the caller's may stand on.</param>
    /// <param name="degree">Workers, the caller included; with 1 no other thread is involved.</param>
    /// <param name="token">Looked at before every unit.</param>
    /// <exception cref="OperationCanceledException">The token was canceled before the last unit began.</exception>
    public void Run<TWork>(scoped TWork work, int degree, CancellationToken token)
        where TWork : struct, IParallelWork, allows ref struct
    {
        int units = work.Units;
        if (Math.Min(degree, units) <= 1)
        {
            _counters.Turn = 0;
            _stopped = false;
            for (int unit = 0; unit < units; unit++)
            {
                token.ThrowIfCancellationRequested();
                work.Run(unit, 0, this);
            }

            return;
        }

        Open(ref work, units, Math.Min(degree, units), token);
        Loop<TWork>(this, 0);
        Close();
    }

    /// <summary>
    /// Waits until all units before this one have passed the turn on. Whoever has it is running: units are claimed in order, and the first that has not
    /// passed waits for nothing. No timer of the system is involved, whose ticks are longer than most calls.
    /// </summary>
    /// <returns>False where the work was stopped: the turn may never come.</returns>
    public bool WaitForTurn(int unit)
    {
        SpinWait spin = default;
        while (Volatile.Read(ref _counters.Turn) != unit)
        {
            if (_stopped)
                return false;
            spin.SpinOnce(sleep1Threshold: -1);
        }

        return true;
    }

    /// <summary>Lets the next unit have the turn, and see what this one has written.</summary>
    public void PassTurn() => Volatile.Write(ref _counters.Turn, _counters.Turn + 1);

    /// <summary>What a thread of the pool does when it comes to a queued helper.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Decrement(ref _pending);
        Interlocked.Increment(ref _inside);
        if (Volatile.Read(ref _open) != 0)
        {
            int worker = Interlocked.Increment(ref _joined);
            if (worker < _limit)
                _loop(this, worker);
        }

        Interlocked.Decrement(ref _inside);
    }

    private void Open<TWork>(scoped ref TWork work, int units, int degree, CancellationToken token)
        where TWork : struct, IParallelWork, allows ref struct
    {
        // The work is a parameter of Run, and Close waits for everyone who may have this pointer.
        _work = Unsafe.AsPointer(ref work);
        _loop = &Loop<TWork>;
        _token = token;
        _failure = null;
        _canceled = false;
        _stopped = false;
        _units = units;
        _limit = degree;
        _joined = 0;
        _counters.Next = 0;
        _counters.Turn = 0;
        Volatile.Write(ref _open, 1);
        for (int pending = Volatile.Read(ref _pending); pending < degree - 1; pending++)
        {
            Interlocked.Increment(ref _pending);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Close()
    {
        // A full fence between this and the look at who is inside: a helper announces itself before it looks whether the work is open.
        Interlocked.Exchange(ref _open, 0);
        SpinWait spin = default;
        while (Volatile.Read(ref _inside) != 0)
            spin.SpinOnce(sleep1Threshold: -1);

        _work = null;
        CancellationToken token = _token;
        _token = default;
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }

        if (_canceled)
            throw new OperationCanceledException(token);
    }

    private static void Loop<TWork>(WorkerTeam team, int worker)
        where TWork : struct, IParallelWork, allows ref struct
    {
        ref TWork work = ref Unsafe.AsRef<TWork>(team._work);
        while (!team._stopped)
        {
            int unit = Interlocked.Increment(ref team._counters.Next) - 1;
            if (unit >= team._units)
                return;
            if (team._token.IsCancellationRequested)
            {
                team._canceled = true;
                team._stopped = true;
                return;
            }

            try
            {
                work.Run(unit, worker, team);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref team._failure, failure, null);
                team._stopped = true;
                return;
            }
        }
    }

    /// <summary>The two counters that every worker writes, each on lines of its own.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 384)]
    private struct Counters
    {
        [System.Runtime.InteropServices.FieldOffset(128)]
        public int Next;

        [System.Runtime.InteropServices.FieldOffset(256)]
        public int Turn;
    }
}
