using System.Globalization;
using KernelGen.Generator.Spec;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments that say how large everything is and of which type.</summary>
internal sealed record ShapeArguments(int HeadDim, int ValueDim, int ChunkSize, ElementType ElementType, ElementStorage Storage, bool Causal)
{
    /// <summary>ChunkSize left to the rule.</summary>
    public const int Auto = 0;

    private const int SmallestDim = 1;
    private const int GreatestDim = 1024;
    private const int Scalar = 1;
    private const int AllInstructionSets = 15;

    private static readonly string[] DTypes = { "Float32", "Float64", "Float16", "BFloat16" };

    private static readonly (ElementType Type, ElementStorage Storage)[] Formats =
    {
        (ElementType.Float32, ElementStorage.Unchanged),
        (ElementType.Float64, ElementStorage.Unchanged),
        (ElementType.Float32, ElementStorage.Float16),
        (ElementType.Float32, ElementStorage.BFloat16),
    };

    public static ShapeArguments Read(AttributeArguments arguments, SystemRow row, Findings findings)
    {
        int headDim = arguments.Int32("HeadDim", 0);
        if (!arguments.Has("HeadDim"))
            findings.Add(Diagnostics.HeadDimMissing, arguments.LocationOf("HeadDim"), row.ShortName, Text(SmallestDim), Text(GreatestDim));
        else if (headDim is < SmallestDim or > GreatestDim)
            findings.Add(Diagnostics.HeadDimRange, arguments.LocationOf("HeadDim"), Text(SmallestDim), Text(GreatestDim), Text(headDim));

        int valueDim = arguments.Int32("ValueDim", 0);
        if (valueDim is < 0 or > GreatestDim)
            findings.Add(Diagnostics.ValueDimRange, arguments.LocationOf("ValueDim"), Text(SmallestDim), Text(GreatestDim), Text(valueDim));

        int chunkSize = arguments.Int32("ChunkSize", Auto);
        if (chunkSize != Auto && (chunkSize is < ChunkRule.Minimum or > ChunkRule.Maximum || chunkSize % ChunkRule.Minimum != 0))
            findings.Add(Diagnostics.ChunkSizeRange, arguments.LocationOf("ChunkSize"), Text(ChunkRule.Minimum), Text(ChunkRule.Maximum), Text(chunkSize));

        bool causal = arguments.Boolean("Causal", true);
        if (!causal && !row.AllowsNonCausal)
            findings.Add(Diagnostics.AlwaysCausal, arguments.LocationOf("Causal"), row.ShortName);

        (ElementType type, ElementStorage storage) = Formats[arguments.Enum("DType", 0, DTypes)];
        return new ShapeArguments(headDim, valueDim == 0 ? headDim : valueDim, chunkSize, type, storage, causal);
    }

    /// <summary>A bit per level; Scalar's is always among them.</summary>
    public static int InstructionSets(AttributeArguments arguments, Findings findings)
    {
        const string Name = "InstructionSets";
        int levels = arguments.Int32(Name, AllInstructionSets);
        if ((levels & ~AllInstructionSets) != 0)
        {
            findings.Add(
                Diagnostics.UndefinedValue, arguments.LocationOf(Name), Name, Text(levels), Name, "Scalar, Vector128, Avx2, Avx512, All, or several of them");
        }
        else if (levels == 0)
        {
            findings.Add(Diagnostics.NoInstructionSets, arguments.LocationOf(Name));
        }

        return levels | Scalar;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
