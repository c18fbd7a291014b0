using System.Globalization;
using System.Text.RegularExpressions;

namespace KernelGen.Gpu.Verification.Sass;

/// <summary>A listing of <c>cuobjdump -sass</c>, of architectures from 7.0 on.</summary>
/// <param name="Functions">Its functions, in its order.</param>
public sealed partial record SassListing(IReadOnlyList<SassFunction> Functions)
{
    /// <summary>Reads a listing.</summary>
    /// <exception cref="FormatException">There is no function in it, or an instruction before the first.</exception>
    public static SassListing Parse(string text)
    {
        string architecture = "";
        string? name = null;
        List<SassInstruction> code = [];
        List<SassFunction> functions = [];
        foreach (string line in text.Split('\n'))
        {
            Match target = Target().Match(line);
            Match header = Header().Match(line);
            Match instruction = Instruction().Match(line);
            if (target.Success)
            {
                Finish();
                architecture = target.Groups["name"].Value;
            }
            else if (header.Success)
            {
                Finish();
                name = header.Groups["name"].Value;
            }
            else if (instruction.Success)
            {
                if (name is null)
                    throw new FormatException($"an instruction of no function: {line}");
                code.Add(new SassInstruction(
                    int.Parse(instruction.Groups["address"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    instruction.Groups["predicate"].Value,
                    instruction.Groups["opcode"].Value,
                    instruction.Groups["operands"].Value.Trim()));
            }
        }

        Finish();
        return functions.Count > 0 ? new SassListing(functions) : throw new FormatException("the listing has no function");

        void Finish()
        {
            if (name is not null)
                functions.Add(new SassFunction(name, architecture, code));
            name = null;
            code = [];
        }
    }

    [GeneratedRegex(@"^\s*code for (?<name>sm_\w+)")]
    private static partial Regex Target();

    [GeneratedRegex(@"^\s*Function : (?<name>\S+)")]
    private static partial Regex Header();

    // The second line of each instruction holds only a comment: the encoding's other half.
    [GeneratedRegex(@"^\s*/\*(?<address>[0-9a-f]{4,})\*/\s+(@(?<predicate>!?U?P\w+)\s+)?(?<opcode>[A-Z][\w.]*)(?<operands>[^;]*);")]
    private static partial Regex Instruction();
}
