namespace KernelGen.Gpu.Verification.Sass;

/// <summary>An innermost loop: the code from the target of a backward branch to the branch, with no other such code in it.</summary>
/// <param name="Code">Its instructions in the order of their addresses; branches out of the order are not followed.</param>
public sealed record SassLoop(IReadOnlyList<SassInstruction> Code)
{
    /// <summary>Address of its first instruction, bytes from the function's start.</summary>
    public int Address => Code[0].Address;

    /// <summary>What it consists of, once through.</summary>
    public SassMix Mix { get; } = new(Code);

    /// <summary>
    /// The innermost loops of some code, by address. A branch to itself, which pads the end of every function, is none. Branches to one address are one
    /// loop, up to the last of them.
    /// </summary>
    public static IReadOnlyList<SassLoop> InnermostOf(IReadOnlyList<SassInstruction> code)
    {
        Dictionary<int, int> index = [];
        for (int i = 0; i < code.Count; i++)
            index[code[i].Address] = i;

        Dictionary<int, int> lastByFirst = [];
        for (int i = 0; i < code.Count; i++)
        {
            if (code[i].BranchTarget is int target && target < code[i].Address && index.TryGetValue(target, out int first))
                lastByFirst[first] = i;
        }

        return
        [
            .. from loop in lastByFirst
               where !lastByFirst.Any(other => other.Key != loop.Key && other.Key >= loop.Key && other.Value <= loop.Value)
               orderby loop.Key
               select new SassLoop([.. code.Skip(loop.Key).Take(loop.Value - loop.Key + 1)]),
        ];
    }
}
