using System.Text.RegularExpressions;

namespace KernelGen.Tests.Jit;

/// <summary>One method of a listing.</summary>
/// <param name="Name">Class and method, without parameters.</param>
/// <param name="Tier">FullOpts, MinOpts, Tier0...</param>
/// <param name="Lines">Instructions, labels and comments.</param>
internal sealed partial record JitMethod(string Name, string Tier, IReadOnlyList<string> Lines)
{
    /// <summary>Bodies of the loops that multiply and add and hold no other such loop.</summary>
    public IReadOnlyList<IReadOnlyList<string>> InnerLoops
    {
        get
        {
            (int From, int To)[] loops = [.. Loops().Where(loop => Lines.Take(loop.To).Skip(loop.From).Any(line => line.Contains("vfmadd", StringComparison.Ordinal)))];
            return
            [
                .. loops
                    .Where(loop => !loops.Any(other => other != loop && other.From >= loop.From && other.To <= loop.To))
                    .Select(loop => Lines.Take(loop.To + 1).Skip(loop.From).ToArray()),
            ];
        }
    }

    /// <summary>
    /// Instructions with an operand on the stack. Where the frame hangs on rsp, rbp is a register like any other.
    /// </summary>
    public IEnumerable<string> StackOperands(IEnumerable<string> body)
    {
        bool hangsOnRsp = Lines.Any(line => line.StartsWith("; rsp based frame", StringComparison.Ordinal));
        return body.Where(line => (hangsOnRsp ? RspOperand() : StackOperand()).IsMatch(line)).Select(line => line.Trim());
    }

    public static IReadOnlyList<JitMethod> ParseAll(IEnumerable<string> listing)
    {
        List<JitMethod> methods = [];
        List<string> lines = [];
        foreach (string line in listing)
        {
            if (Title().Match(line) is { Success: true } title)
                methods.Add(new JitMethod(title.Groups["name"].Value, title.Groups["tier"].Value, lines = []));
            else
                lines.Add(line);
        }

        return methods;
    }

    /// <summary>From the target of each backward jump to the jump.</summary>
    private IEnumerable<(int From, int To)> Loops()
    {
        Dictionary<string, int> labels = [];
        for (int i = 0; i < Lines.Count; i++)
        {
            if (Label().Match(Lines[i]) is { Success: true } label)
                labels[label.Groups[1].Value] = i;
            if (Jump().Match(Lines[i]) is { Success: true } jump && labels.TryGetValue(jump.Groups[1].Value, out int from))
                yield return (from, i);
        }
    }

    [GeneratedRegex(@"^; Assembly listing for method (?<name>[^\s(\[]+).*\((?<tier>[^()]*)\)\s*$")]
    private static partial Regex Title();

    [GeneratedRegex(@"^(G_M\w+_IG\d+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s+j\w+\s+(?:SHORT\s+)?(G_M\w+_IG\d+)")]
    private static partial Regex Jump();

    [GeneratedRegex(@"\[r[sb]p\b[^\]]*\]")]
    private static partial Regex StackOperand();

    [GeneratedRegex(@"\[rsp\b[^\]]*\]")]
    private static partial Regex RspOperand();
}
