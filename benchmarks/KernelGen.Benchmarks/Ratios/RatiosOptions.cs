using System.Diagnostics.CodeAnalysis;

namespace KernelGen.Benchmarks.Ratios;

/// <summary>The command line of <c>ratios</c>.</summary>
internal sealed record RatiosOptions(string? JsonFile, string Filter)
{
    public const string Usage = "usage: KernelGen.Benchmarks ratios [--json FILE] [--filter TEXT]";

    /// <summary>Reads the arguments after <c>ratios</c>; false with what is wrong with them.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, [NotNullWhen(true)] out RatiosOptions? options, out string problem)
    {
        options = new RatiosOptions(JsonFile: null, Filter: string.Empty);
        problem = string.Empty;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i];
            if (name is not ("--json" or "--filter"))
                problem = $"unknown option {name}";
            else if (i + 1 == arguments.Length)
                problem = $"{name} needs a value";
            else if (name == "--json")
                options = options with { JsonFile = arguments[i + 1] };
            else
                options = options with { Filter = arguments[i + 1] };

            if (problem.Length > 0)
            {
                options = null;
                return false;
            }
        }

        return true;
    }
}
