using System.Globalization;
using System.Text;

namespace KernelGen.Generator.Text;

/// <summary>Writes indented C#: line ends are always <c>\n</c>, numbers always invariant.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes <paramref name="text"/>, each of its lines at the current indentation.</summary>
    public void Line(string text = "")
    {
        int start = 0;
        while (start <= text.Length)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            int stop = end > start && text[end - 1] == '\r' ? end - 1 : end;
            if (stop > start)
                _text.Append(' ', _depth * 4).Append(text, start, stop - start);
            _text.Append('\n');
            start = end + 1;
        }
    }

    /// <summary>Writes an optional head, then a braced block that ends when the result is disposed of.</summary>
    public BlockScope Block(string? head = null, string tail = "")
    {
        if (head is not null)
            Line(head);
        Line("{");
        _depth++;
        return new BlockScope(this, "}" + tail);
    }

    /// <summary>Indents without braces until the result is disposed of.</summary>
    public BlockScope Indent()
    {
        _depth++;
        return new BlockScope(this, null);
    }

    public override string ToString() =>
        _depth == 0 ? _text.ToString() : throw new InvalidOperationException("a block is still open");

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    internal readonly struct BlockScope(CodeWriter writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (close is not null)
                writer.Line(close);
        }
    }
}
