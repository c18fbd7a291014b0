using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Executes PTX on the CPU: one block after the other, in each one warp after the other from barrier to barrier. Every array is memory of its own.
/// Not for several threads at a time.
/// </summary>
public sealed class PtxMachine
{
    private readonly List<DeviceArray> _arrays = [];
    private readonly Dictionary<PtxVariable, DeviceArray> _variables = [];
    private readonly Dictionary<string, PtxProgram> _programs = [];
    private readonly PtxModule _module;

    /// <summary>A machine with no arrays.</summary>
    /// <param name="module">The text.</param>
    /// <param name="options">How to execute; by default every check, and counters.</param>
    public PtxMachine(PtxModule module, PtxOptions? options = null)
    {
        _module = module;
        Options = options ?? new PtxOptions();
        foreach (PtxVariable variable in module.Variables.Where(variable => variable.Space is PtxSpace.Global or PtxSpace.Const))
        {
            // Variables without initial values are zero.
            byte[] bytes = new byte[variable.Size];
            variable.Initial?.CopyTo(bytes, 0);
            _variables.Add(variable, Add(variable.Space, variable.Name, bytes, null, 1));
        }
    }

    /// <summary>How it executes.</summary>
    public PtxOptions Options { get; }

    /// <summary>What the last launch executed.</summary>
    public PtxCounters Counters { get; private set; } = new();

    /// <summary>The counters of memory, null where it is not counted.</summary>
    internal PtxCounters? Tally => Options.CountMemory ? Counters : null;

    /// <summary>An array with values, all of its bytes written.</summary>
    public DeviceArray Upload<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Add(PtxSpace.Global, Name(), MemoryMarshal.AsBytes(values).ToArray(), null, Unsafe.SizeOf<T>());

    /// <summary>An array with values, all of its bytes written.</summary>
    public DeviceArray Upload<T>(T[] values)
        where T : unmanaged => Upload((ReadOnlySpan<T>)values);

    /// <summary>An array that nothing has written: reading it is a fault, and gives NaN where that is switched off.</summary>
    public DeviceArray Allocate<T>(int length)
        where T : unmanaged
    {
        byte[] bytes = new byte[length * Unsafe.SizeOf<T>()];
        Array.Fill(bytes, (byte)0xFF);
        return Add(PtxSpace.Global, Name(), bytes, new byte[bytes.Length], Unsafe.SizeOf<T>());
    }

    /// <summary>Bytes that nothing has written.</summary>
    public DeviceArray Allocate(int bytes) => Allocate<byte>(bytes);

    /// <summary>Launches the module's only kernel.</summary>
    /// <param name="grid">Blocks along x.</param>
    /// <param name="block">Threads a block, 1 to 1024.</param>
    /// <param name="arguments">
    /// One a parameter: <see cref="DeviceArray"/> or <see cref="DeviceView"/> for a view, scalars as they are, an <c>object[]</c> for a structure of such.
    /// </param>
    /// <exception cref="PtxFaultException">The kernel did something wrong.</exception>
    /// <exception cref="PtxSyntaxException">It has an instruction that is not known.</exception>
    public PtxCounters Launch(int grid, int block, params object[] arguments) => Launch((grid, 1, 1), block, arguments);

    /// <summary>Launches the module's only kernel over a grid of three dimensions.</summary>
    public PtxCounters Launch((int X, int Y, int Z) grid, int block, params object[] arguments) =>
        LaunchEntry(_module.Entries.Single().Name, grid, block, arguments);

    /// <summary>Launches one of several kernels.</summary>
    public PtxCounters LaunchEntry(string entry, (int X, int Y, int Z) grid, int block, params object[] arguments)
    {
        PtxProgram program = Program(entry);
        long blocks = (long)grid.X * grid.Y * grid.Z;
        if (grid.X < 1 || grid.Y < 1 || grid.Z < 1 || blocks > AccessStamp.MaxBlocks)
            throw new ArgumentOutOfRangeException(nameof(grid), grid, $"1 to {AccessStamp.MaxBlocks} blocks.");
        if (block < 1 || block > Math.Min(1024, program.Entry.MaxThreads ?? 1024))
            throw new ArgumentOutOfRangeException(nameof(block), block, $"{entry} was compiled for up to {program.Entry.MaxThreads ?? 1024} threads a block.");

        byte[] parameters = PtxArgument.Pack(program, arguments);
        Counters = new PtxCounters();
        foreach (DeviceArray array in _arrays)
        {
            array.Region.ResetStamps(Options.DetectRaces && array.Region.Space == PtxSpace.Global, program.GlobalGranuleShift);
            array.Region.Sectors = Options.CountMemory ? new SectorCounts(array.ByteLength) : null;
        }

        foreach (PtxStep step in program.Steps)
            step.ClearCount();
        PtxBlock runner = new(this, program, grid, block, parameters);
        for (int z = 0; z < grid.Z; z++)
        {
            for (int y = 0; y < grid.Y; y++)
            {
                for (int x = 0; x < grid.X; x++)
                    Counters.Barriers += runner.Run(x, y, z);
            }
        }

        Counters.AddInstructions(program.Steps);
        return Counters;
    }

    /// <summary>The array whose terabyte an address lies in, which need not be within the array.</summary>
    internal DeviceArray? Find(ulong address)
    {
        ulong number = (address >> DeviceArray.RegionShift) - 1;
        return number < (ulong)_arrays.Count ? _arrays[(int)number] : null;
    }

    private PtxProgram Program(string entry)
    {
        if (_programs.TryGetValue(entry, out PtxProgram? known))
            return known;
        if (!_module.Functions.TryGetValue(entry, out PtxFunction? function) || !function.IsEntry)
            throw new ArgumentException($"The module has no entry '{entry}'.", nameof(entry));
        PtxProgram program = new PtxLinker(_module, Options, variable => _variables[variable].Address).Link(function);
        _programs.Add(entry, program);
        return program;
    }

    private string Name() => $"array {_arrays.Count}";

    private DeviceArray Add(PtxSpace space, string name, byte[] bytes, byte[]? states, int elementSize)
    {
        DeviceArray array = new(_arrays.Count + 1, new MemoryRegion(space, name, bytes, states), elementSize);
        _arrays.Add(array);
        return array;
    }
}
