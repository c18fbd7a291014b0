using System.Globalization;
using KernelGen.Runtime;

namespace KernelGen;

/// <summary>What a dense layer became on this machine: its sizes, the kernels that calls will use, and what a token costs.</summary>
public sealed class DenseInfo
{
    private readonly DenseTraits _traits;

    internal DenseInfo(DenseTraits traits)
    {
        _traits = traits;
        InstructionSet = InstructionSetSupport.Choose(traits.InstructionSets, cap: null);
    }

    /// <summary>Full name of the declared class.</summary>
    public string Name => _traits.Name;

    /// <summary>The mathematics in one line.</summary>
    public string Equation => _traits.Equation;

    /// <summary>Width of x.</summary>
    public int Inputs => _traits.Inputs;

    /// <summary>Width of y.</summary>
    public int Outputs => _traits.Outputs;

    /// <summary>The instruction set that calls use on this machine.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>Instruction sets that kernels were emitted for.</summary>
    public InstructionSets InstructionSets => _traits.InstructionSets;

    /// <summary>Register tile of the products, "rows x columns".</summary>
    public string RegisterTile => _traits.RegisterTiles[(int)InstructionSet];

    /// <summary>Floating point operations of a token's forward pass: 2 for each weight. A backward pass has twice as many, and once more where an activation is computed again.</summary>
    public long FlopsPerToken => 2L * _traits.WeightRows * _traits.Inputs;

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {Equation}; {Inputs} -> {Outputs}, {InstructionSet}, register tile {RegisterTile}, {FlopsPerToken} flops a token");
}
