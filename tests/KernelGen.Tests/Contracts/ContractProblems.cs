using KernelGen.Tests.Hosting;
using KernelGen.Tests.Oracles;

namespace KernelGen.Tests.Contracts;

/// <summary>Calls of every form that a declaration allows, each with fresh random numbers from its own seed.</summary>
internal static class ContractProblems
{
    /// <summary>A problem, and what to print when it fails.</summary>
    public static IEnumerable<(string Name, AttentionProblem Problem)> Of(Declaration declaration, int chunk)
    {
        int seed = 0;
        foreach (int length in new[] { 0, 1, chunk - 1, chunk, chunk + 1, (3 * chunk) + 5 })
        {
            (string name, RandomProblem random) = Next($"T {length}");
            AttentionProblem problem = random.Of(new AttentionShape(2, length, 2));
            yield return (name, length % 2 == 0 ? problem : random.WithStates(problem));
        }

        {
            (string name, RandomProblem random) = Next("grouped heads, heads first");
            yield return (name, random.WithStates(random.Of(new AttentionShape(2, chunk + 3, 6) { KeyValueHeads = 2, Layout = TensorLayout.HeadFirst })));
        }

        {
            (string name, RandomProblem random) = Next("packed");
            AttentionProblem packed = random.Of(new AttentionShape(1, (2 * chunk) + 9, 2));
            yield return (name, random.WithStates(packed with { CuSeqlens = random.Cuts(packed.Shape.Length, 5) }));
        }

        foreach (KeyPadding padding in Enum.GetValues<KeyPadding>())
        {
            (string name, RandomProblem random) = Next($"padding {padding}");
            yield return (name, random.WithMask(random.Of(new AttentionShape(2, chunk + 7, 2)), padding) with { WantsFinalState = declaration.HasPlainStates && padding != KeyPadding.Left });
        }

        if (declaration.Causal)
            yield break;

        foreach ((int length, int keyLength) in new[] { (chunk + 2, 5), (3, (2 * chunk) + 1), (0, 7) })
        {
            (string name, RandomProblem random) = Next($"T {length}, S {keyLength}");
            yield return (name, random.WithMask(random.WithStates(random.Of(new AttentionShape(2, length, 2) { KeyLength = keyLength })), KeyPadding.Right));
        }

        {
            (string name, RandomProblem random) = Next("packed, keys apart");
            AttentionProblem packed = random.Of(new AttentionShape(1, chunk + 3, 2) { KeyLength = 2 * chunk });
            yield return (name, packed with { CuSeqlens = random.Cuts(chunk + 3, 4), KeyCuSeqlens = random.Cuts(2 * chunk, 4) });
        }

        (string, RandomProblem) Next(string what) => (FormattableString.Invariant($"{declaration}: {what}, seed {++seed}"), new RandomProblem(declaration, seed));
    }
}
