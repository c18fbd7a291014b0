using System.Globalization;
using System.Text;

namespace KernelGen.Generator.Text;

/// <summary>Writes indented C#: line ends are always <c>\n</c>, numbers always invariant.</summary>
internal sealed class CodeWriter
{
    /// <summary>Most numbers in kernels are small, and each is written some thousand times.</summary>
    private static readonly string[] s_numbers = [.. Enumerable.Range(0, 1024).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private readonly StringBuilder _text = new();
    private readonly int _outermost;
    private int _depth;

    public CodeWriter()
    {
    }

    private CodeWriter(int depth) => _depth = _outermost = depth;

    /// <summary>Writes <paramref name="text"/>, each of its lines at the current indentation.</summary>
    public void Line(string text = "")
    {
        if (text.Length > 0 && text.IndexOf('\n') < 0)
        {
            _text.Append(' ', _depth * 4).Append(text).Append('\n');
            return;
        }

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

    /// <summary>A writer for text that <see cref="Append"/> will put here, at the current indentation.</summary>
    public CodeWriter Beside() => new(_depth);

    /// <summary>Writes what another writer has, as it stands there.</summary>
    public void Append(CodeWriter other)
    {
        // Piece by piece: as one string, a class's methods would be a large object of the collector's.
        char[] piece = new char[Math.Min(other._text.Length, 4096)];
        for (int i = 0; i < other._text.Length; i += piece.Length)
        {
            int count = Math.Min(piece.Length, other._text.Length - i);
            other._text.CopyTo(i, piece, 0, count);
            _text.Append(piece, 0, count);
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
        _depth == _outermost ? _text.ToString() : throw new InvalidOperationException("a block is still open");

    public static string Text(int value) => (uint)value < (uint)s_numbers.Length ? s_numbers[value] : value.ToString(CultureInfo.InvariantCulture);

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
