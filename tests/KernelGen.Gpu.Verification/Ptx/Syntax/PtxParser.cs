using System.Globalization;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Reads PTX as ILGPU writes it, inline assembly included, into a <see cref="PtxModule"/>.</summary>
internal sealed partial class PtxParser(string text)
{
    private static readonly Dictionary<string, PtxOpcode> _opcodes =
        Enum.GetValues<PtxOpcode>().ToDictionary(opcode => opcode.ToString().ToLowerInvariant());

    private readonly List<PtxToken> _tokens = PtxTokenizer.Read(text);
    private readonly PtxModule _module = new();
    private int _at;
    private PtxScope _scope = new(null);

    private PtxToken Current => _tokens[_at];

    public PtxModule Parse()
    {
        while (Current.Kind != PtxTokenKind.End)
            ParseTopLevel();
        return _module;
    }

    private void ParseTopLevel()
    {
        string word = Current.Text;
        switch (word)
        {
            case ".version":
                _at++;
                _module.Version = Take().Text;
                break;
            case ".target":
                _at++;
                _module.Target = Take().Text;
                while (TryTake(","))
                    _at++;
                break;
            case ".address_size":
                _at += 2;
                break;
            case ".visible" or ".extern" or ".weak" or ".common":
                _at++;
                break;
            case ".entry" or ".func":
                ParseFunction();
                break;
            case ".shared" or ".global" or ".const":
                _module.Variables.Add(ParseVariable());
                Expect(";");
                break;
            case ".file" or ".loc":
                SkipLine();
                break;
            case ";":
                _at++;
                break;
            default:
                throw Error("unknown directive");
        }
    }

    private void ParseFunction()
    {
        bool isEntry = Take().Text == ".entry";
        List<PtxVariable> results = [];
        PtxScope outer = _scope;
        _scope = new PtxScope(outer);
        if (Current.Text == "(")
            results = ParseParameters();
        string name = Take().Text;
        List<PtxVariable> parameters = Current.Text == "(" ? ParseParameters() : [];
        PtxFunction function = new() { Name = name, IsEntry = isEntry, Parameters = parameters, Results = results };
        while (Current.Text is not ("{" or ";"))
        {
            string directive = Take().Text;
            List<int> numbers = [];
            while (Current.Kind == PtxTokenKind.Number || Current.Text == ",")
            {
                if (Take() is { Kind: PtxTokenKind.Number } number)
                    numbers.Add((int)ParseNumber(number));
            }

            if (directive is ".maxntid" or ".reqntid")
                function.MaxThreads = numbers.Aggregate(1, (product, factor) => product * factor);
        }

        if (!TryTake(";"))
        {
            function.IsDefined = true;
            ParseBlock(function);
        }

        if (function.IsDefined || !_module.Functions.ContainsKey(name))
            _module.Functions[name] = function;
        _scope = outer;
    }

    private List<PtxVariable> ParseParameters()
    {
        List<PtxVariable> parameters = [];
        Expect("(");
        while (!TryTake(")"))
        {
            parameters.Add(ParseVariable());
            _ = TryTake(",");
        }

        return parameters;
    }

    // .param .align 8 .b8 name[16], also with initial values
    private PtxVariable ParseVariable()
    {
        PtxSpace space = Take().Text switch
        {
            ".param" => PtxSpace.Param,
            ".local" => PtxSpace.Local,
            ".shared" => PtxSpace.Shared,
            ".global" => PtxSpace.Global,
            ".const" => PtxSpace.Const,
            _ => throw Error("a state space was expected"),
        };
        int alignment = 0;
        if (Current.Text == ".align")
        {
            _at++;
            alignment = (int)ParseNumber(Take());
        }

        if (!PtxTypes.TryParse(Take().Text.TrimStart('.'), out PtxType type))
            throw Error("a type was expected");
        if (Current.Text == ".ptr")
        {
            while (Current.Text.StartsWith('.') || Current.Kind == PtxTokenKind.Number)
                _at++;
        }

        string name = Take().Text;
        int count = 1;
        while (TryTake("["))
        {
            count *= Current.Text == "]" ? 0 : (int)ParseNumber(Take());
            Expect("]");
        }

        byte[]? initial = TryTake("=") ? ParseInitial(type, count * type.Size()) : null;
        PtxVariable variable = new(name, space, type, Math.Max(alignment, type.Size()), count * type.Size(), initial);
        _scope.Declare(name, variable);
        return variable;
    }

    private byte[] ParseInitial(PtxType type, int size)
    {
        byte[] bytes = new byte[size];
        bool isList = TryTake("{");
        int at = 0;
        do
        {
            if (Current.Text == "}")
                break;
            ulong bits = ((PtxImmediate)ParseOperand(type)).Bits;
            for (int b = 0; b < type.Size(); b++)
                bytes[at++] = (byte)(bits >> 8 * b);
        }
        while (TryTake(","));
        if (isList)
            Expect("}");
        return bytes;
    }

    private static ulong ParseNumber(PtxToken token)
    {
        string digits = token.Text.TrimEnd('U', 'u');
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.Parse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            return value;
        throw new PtxSyntaxException(token.Line, token.Text, "a number was expected");
    }

    private PtxToken Take() => _tokens[_at++];

    private bool TryTake(string mark)
    {
        bool isThere = Current.Text == mark && Current.Kind != PtxTokenKind.End;
        if (isThere)
            _at++;
        return isThere;
    }

    private void Expect(string mark)
    {
        if (!TryTake(mark))
            throw Error($"'{mark}' was expected");
    }

    private void SkipLine()
    {
        int line = Current.Line;
        while (Current.Line == line && Current.Kind != PtxTokenKind.End)
            _at++;
    }

    private PtxSyntaxException Error(string reason)
    {
        PtxToken token = Current;
        int start = token.Position == 0 ? 0 : text.LastIndexOf('\n', token.Position - 1) + 1;
        int end = text.IndexOf('\n', token.Position);
        return new PtxSyntaxException(token.Line, text[start..(end < 0 ? text.Length : end)].Trim(), $"{reason} at '{token.Text}'");
    }
}
