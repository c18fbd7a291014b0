using System.Globalization;

namespace KernelGen.Gpu.Verification.Sass;

/// <summary>How many instructions of each kind some code has. Padding (NOP) is not counted.</summary>
public sealed class SassMix
{
    private readonly int[] _counts = new int[Enum.GetValues<SassKind>().Length];

    public SassMix(IEnumerable<SassInstruction> code)
    {
        foreach (SassInstruction instruction in code.Where(instruction => instruction.Name != "NOP"))
        {
            _counts[(int)instruction.Kind]++;
            Total++;
        }
    }

    /// <summary>All instructions.</summary>
    public int Total { get; }

    /// <summary>Multiply-adds of all instructions, 0 to 1; 0 where there are none.</summary>
    public double FfmaShare => Total == 0 ? 0 : (double)this[SassKind.Ffma] / Total;

    /// <summary>Loads from shared memory as if each were of 128 bits a thread: one of 64 bits counts half, one of 32 bits a quarter.</summary>
    public double SharedLoads128 => this[SassKind.Lds128] + (this[SassKind.Lds64] / 2.0) + (this[SassKind.Lds32] / 4.0);

    /// <summary>Multiply-adds for each of <see cref="SharedLoads128"/>; infinite where there are no such loads.</summary>
    public double FfmaPerSharedLoad128 => SharedLoads128 == 0 ? double.PositiveInfinity : this[SassKind.Ffma] / SharedLoads128;

    /// <summary>Instructions of one kind.</summary>
    public int this[SassKind kind] => _counts[(int)kind];

    /// <summary>The kinds that occur, for a message.</summary>
    public override string ToString() => string.Join(", ", Enum.GetValues<SassKind>().Where(kind => this[kind] > 0).Select(Text));

    private string Text(SassKind kind) => string.Create(CultureInfo.InvariantCulture, $"{kind} {this[kind]}");
}
