using System.Runtime.CompilerServices;

namespace KernelGen.Runtime;

/// <summary>What the phases of one call share: level, threads and the workers' scratch.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal readonly ref struct DenseContext<T>
    where T : unmanaged
{
    /// <summary>Operations below which a call stays on its thread: about 100 microseconds of one core.</summary>
    private const long SmallCall = 1L << 23;

    private readonly ref T _scratch;
    private readonly int _scratchLength;
    private readonly WorkerTeam _team;
    private readonly int _degree;
    private readonly CancellationToken _token;

    public DenseContext(InstructionSet level, WorkerTeam team, int degree, ref T scratch, int scratchLength, CancellationToken token)
    {
        (Level, _team, _degree, _token, _scratchLength) = (level, team, degree, token, scratchLength);
        _scratch = ref scratch;
    }

    public InstructionSet Level { get; }

    /// <summary>Threads of a call, the caller's included.</summary>
    /// <param name="options">The call's.</param>
    /// <param name="flops">Of the whole call.</param>
    public static int Degree(in DenseOptions options, long flops) =>
        flops < SmallCall && !options.SharesSmallCalls ? 1 : options.MaxDegreeOfParallelism == 0 ? Environment.ProcessorCount : options.MaxDegreeOfParallelism;

    /// <summary>Elements of a worker's scratch, whole lines.</summary>
    public static int ScratchLength(int elements) => (int)(AlignedBuffer<T>.Align((long)elements * Unsafe.SizeOf<T>()) / Unsafe.SizeOf<T>());

    public ref T Scratch(int worker) => ref Unsafe.Add(ref _scratch, (nint)worker * _scratchLength);

    /// <summary>Runs a phase over rows, and columns of its product.</summary>
    public void Run<TKernel>(DensePhase phase, in DenseFrame<T> frame, int rows, int columns = 0)
        where TKernel : struct, IDenseKernel<T> => Run(new DenseWork<TKernel, T>(this, phase, frame, rows, columns));

    public void Run<TWork>(scoped TWork work)
        where TWork : struct, IParallelWork, allows ref struct => _team.Run(work, _degree, _token);
}
