namespace KernelGen.Runtime;

/// <summary>
/// Work that is cut into units by its shape, for any number of workers: what a unit computes depends on neither the worker nor the order. Implemented
/// by ref structs that stand on the stack of the call, so that they may hold spans; workers share them by reference and may not change them.
/// </summary>
internal interface IParallelWork
{
    /// <summary>Number of units, claimed in order from 0.</summary>
    int Units { get; }

    /// <summary>
    /// Runs a unit in the memory of a worker, 0 being the caller. A unit may wait for its turn once (<see cref="WorkerTeam.WaitForTurn"/>), if all units
    /// do, and must then pass it on.
    /// </summary>
    void Run(int unit, int worker, WorkerTeam team);
}
