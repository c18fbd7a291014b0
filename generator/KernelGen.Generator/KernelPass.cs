using KernelGen.Generator.Schedule;
using KernelGen.Generator.Support;
using KernelGen.Generator.Surface;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator;

/// <summary>The phases of a pass, those that its sweeps are cut into included, and where their tiles lie.</summary>
/// <param name="Name">In file and class names: <c>Forward</c>, <c>Backward</c>.</param>
/// <param name="Phases">All of them.</param>
/// <param name="Memory">Their memory.</param>
internal sealed record KernelPass(string Name, EquatableArray<TileProgram> Phases, MemoryPlan Memory)
{
    /// <param name="name">Of the pass.</param>
    /// <param name="sweeps">Its phases as they run on one core.</param>
    /// <param name="prefixes">Whether the cuts of several of them must have names of their own.</param>
    public static KernelPass Of(string name, EquatableArray<TileProgram> sweeps, bool prefixes)
    {
        EquatableArray<TileProgram> phases = sweeps.Concat(sweeps.SelectMany(sweep => Windowing.Derive(sweep, prefixes ? sweep.Name : ""))).ToArray();
        return new KernelPass(name, phases, new MemoryPlan(phases));
    }

    /// <summary>The slots of a sweep that is cut; null where it is not.</summary>
    public WindowLayout? Window(TileProgram sweep) => Memory.SlotLengths(sweep) is { } slot
        ? new WindowLayout(slot.Length, slot.Sums, Emits: Phases.Any(phase => phase.Sweep == sweep.Name && phase.Slots.Count > 0))
        : null;
}
