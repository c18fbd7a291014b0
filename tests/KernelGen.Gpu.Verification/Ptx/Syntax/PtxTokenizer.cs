namespace KernelGen.Gpu.Verification.Ptx;

internal enum PtxTokenKind
{
    Word,
    Number,
    Text,
    Mark,
    End,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Position">Where it starts in the text.</param>
/// <param name="Line">Line, from 1.</param>
internal readonly record struct PtxToken(PtxTokenKind Kind, string Text, int Position, int Line);

/// <summary>Cuts PTX into words (dots included, as mnemonics and special registers have them), numbers, strings and single marks.</summary>
internal static class PtxTokenizer
{
    public static List<PtxToken> Read(string text)
    {
        List<PtxToken> tokens = [];
        int line = 1;
        int at = 0;
        while (at < text.Length)
        {
            char first = text[at];
            if (first == '\n')
                line++;
            if (char.IsWhiteSpace(first))
            {
                at++;
            }
            else if (first == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                while (at < text.Length && text[at] != '\n')
                    at++;
            }
            else if (first == '/' && at + 1 < text.Length && text[at + 1] == '*')
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                end = end < 0 ? text.Length : end + 2;
                line += text.AsSpan(at, end - at).Count('\n');
                at = end;
            }
            else
            {
                int start = at;
                PtxTokenKind kind = Kind(first);
                at++;
                if (kind == PtxTokenKind.Text)
                {
                    while (at < text.Length && text[at] != '"')
                        at++;
                    at++;
                }
                else if (kind != PtxTokenKind.Mark)
                {
                    while (at < text.Length && IsWordPart(text[at]))
                        at++;
                }

                tokens.Add(new PtxToken(kind, text[start..Math.Min(at, text.Length)], start, line));
            }
        }

        tokens.Add(new PtxToken(PtxTokenKind.End, "", text.Length, line));
        return tokens;
    }

    private static PtxTokenKind Kind(char first) =>
        char.IsAsciiDigit(first) ? PtxTokenKind.Number
        : char.IsAsciiLetter(first) || first is '_' or '$' or '%' or '.' ? PtxTokenKind.Word
        : first == '"' ? PtxTokenKind.Text
        : PtxTokenKind.Mark;

    // "::" joins parts of mnemonics such as "shared::cta"; a label's single colon ends its word.
    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '.' or '%';
}
