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
    /// How many units, from the first, must be complete before this one runs: 0 where all are independent, or the first unit of its stage.
    /// For stages, every unit from <c>Before(unit)</c> on must need at least as many.
    /// </summary>
    int Before(int unit);

    /// <summary>Runs a unit in the memory of a worker, 0 being the caller.</summary>
    void Run(int unit, int worker);
}
