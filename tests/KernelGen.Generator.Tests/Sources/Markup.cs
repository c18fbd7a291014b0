using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator.Tests;

/// <summary>A diagnostic that a source is marked to have: <c>{|KG0001:span|}</c>. Marks nest.</summary>
internal sealed record Marked(string Id, int File, TextSpan Span);

/// <summary>Takes the marks out of sources.</summary>
internal static partial class Markup
{
    public static (string[] Sources, IReadOnlyList<Marked> Marks) Read(params string[] marked)
    {
        List<Marked> marks = [];
        string[] sources = new string[marked.Length];
        for (int file = 0; file < marked.Length; file++)
        {
            Stack<(string Id, int Start)> open = [];
            System.Text.StringBuilder plain = new();
            int from = 0;
            foreach (Match match in Brackets().Matches(marked[file]))
            {
                plain.Append(marked[file], from, match.Index - from);
                from = match.Index + match.Length;
                if (match.Groups[1].Success)
                {
                    open.Push((match.Groups[1].Value, plain.Length));
                    continue;
                }

                (string id, int start) = open.Pop();
                marks.Add(new Marked(id, file, TextSpan.FromBounds(start, plain.Length)));
            }

            Assert.Empty(open);
            sources[file] = plain.Append(marked[file], from, marked[file].Length - from).ToString();
        }

        return (sources, marks);
    }

    [GeneratedRegex(@"\{\|(KG\d{4}):|\|\}")]
    private static partial Regex Brackets();
}
