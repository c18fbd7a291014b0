using System.Diagnostics.CodeAnalysis;

namespace KernelGen.Benchmarks.Plots;

/// <summary>The command line of <c>plots</c>.</summary>
/// <param name="Folder">Where plots and figures go.</param>
/// <param name="FractionsFile">Not null in the child process that measures the fractions of the AVX2 peak, writes them there, and draws nothing.</param>
internal sealed record PlotsOptions(string Folder, string? FractionsFile)
{
    public const string Usage = "usage: KernelGen.Benchmarks plots [--out FOLDER]";

    /// <summary>The child's only option: <see cref="Measurements.NarrowerProcess"/> ends every command with it.</summary>
    private const string Json = "--json";

    /// <summary>Reads the arguments after <c>plots</c>; false with what is wrong with them.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, [NotNullWhen(true)] out PlotsOptions? options, out string problem)
    {
        problem = string.Empty;
        options = arguments switch
        {
            [] => new PlotsOptions(DefaultFolder(), FractionsFile: null),
            ["--out", string folder] => new PlotsOptions(folder, FractionsFile: null),
            [Json, string file] => new PlotsOptions(DefaultFolder(), file),
            _ => null,
        };
        if (options is null)
            problem = $"cannot read: {string.Join(' ', arguments.ToArray())}";
        return options is not null;
    }

    /// <summary>benchmarks/plots of the checkout that the command is run in, wherever in it; below the current folder outside of one.</summary>
    private static string DefaultFolder()
    {
        for (DirectoryInfo? at = new(Environment.CurrentDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "KernelGen.sln")))
                return Path.Combine(at.FullName, "benchmarks", "plots");
        }

        return "plots";
    }
}
