namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>Bodies of functions: declarations, labels and instructions.</summary>
internal sealed partial class PtxParser
{
    private void ParseBlock(PtxFunction function)
    {
        Expect("{");
        _scope = new PtxScope(_scope);
        while (!TryTake("}"))
            ParseStatement(function);
        _scope = _scope.Parent!;
    }

    private void ParseStatement(PtxFunction function)
    {
        PtxToken token = Current;
        switch (token.Text)
        {
            case "{":
                ParseBlock(function);
                return;
            case ";":
                _at++;
                return;
            case ".reg":
                ParseRegisters(function);
                return;
            case ".local" or ".shared" or ".param":
                function.Variables.Add(ParseVariable());
                Expect(";");
                return;
            case ".loc":
                SkipLine();
                return;
            case ".pragma":
                while (!TryTake(";"))
                    _at++;
                return;
        }

        if (token.Kind == PtxTokenKind.Word && _tokens[_at + 1].Text == ":")
        {
            if (!_scope.TryAddLabel(token.Text, function.Instructions.Count))
                throw Error("the label stands twice");
            function.Labelled.Add(function.Instructions.Count);
            _at += 2;
            if (Current.Text == ".branchtargets")
                ParseBranchTargets(token.Text);
            return;
        }

        function.Instructions.Add(ParseInstruction());
    }

    private void ParseBranchTargets(string label)
    {
        _at++;
        List<PtxName> targets = [];
        do
            targets.Add(new PtxName(Take().Text, _scope));
        while (TryTake(","));
        Expect(";");
        _scope.Tables[label] = targets;
    }

    // .reg .b32 %r<10>; or .reg .b32 x0, x1;
    private void ParseRegisters(PtxFunction function)
    {
        _at++;
        if (!PtxTypes.TryParse(Take().Text.TrimStart('.'), out PtxType type))
            throw Error("a register's type was expected");
        do
        {
            string name = Take().Text;
            if (TryTake("<"))
            {
                int count = (int)ParseNumber(Take());
                Expect(">");
                for (int i = 0; i < count; i++)
                    AddRegister(function, $"{name}{i}", type);
            }
            else
            {
                AddRegister(function, name, type);
            }
        }
        while (TryTake(","));
        Expect(";");
    }

    private void AddRegister(PtxFunction function, string name, PtxType type)
    {
        IList<PtxRegister> list = type == PtxType.Pred ? function.Predicates : function.Registers;
        PtxRegister register = new(name, type, list.Count);
        list.Add(register);
        _scope.Declare(name, register);
    }

    private PtxInstruction ParseInstruction()
    {
        PtxToken start = Current;
        PtxRegisterOperand? guard = null;
        if (TryTake("@"))
        {
            bool isNegated = TryTake("!");
            guard = _scope.Find(Take().Text) is PtxRegister register
                ? new PtxRegisterOperand(register, isNegated)
                : throw Error("a predicate was expected");
        }

        if (Current.Kind != PtxTokenKind.Word)
            throw Error("an instruction was expected");
        string mnemonic = Take().Text;
        while (Current.Text == ":" && _tokens[_at + 1].Text == ":")
        {
            _at += 2;
            mnemonic += $"::{Take().Text}";
        }

        string[] parts = mnemonic.Split('.');
        if (!_opcodes.TryGetValue(parts[0], out PtxOpcode opcode))
        {
            _at = _tokens.IndexOf(start);
            throw Error($"unknown opcode '{parts[0]}'");
        }

        List<PtxType> types = [];
        List<string> modifiers = [];
        foreach (string part in parts.Skip(1))
        {
            if (PtxTypes.TryParse(part, out PtxType type))
                types.Add(type);
            else
                modifiers.Add(part);
        }

        // Constants take the type of the operation: 0f3F800000 may stand for a double.
        PtxType constantType = types.Count == 0 ? PtxType.None : types[^1];
        List<PtxOperand> operands = [];
        while (!TryTake(";"))
        {
            operands.Add(ParseOperand(constantType));
            if (Current.Text != ";")
                Expect(",");
        }

        int end = _tokens[_at - 1].Position;
        string source = string.Join(' ', text[start.Position..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new PtxInstruction(opcode, mnemonic, modifiers, types, operands, guard, start.Line, source);
    }

    private PtxOperand ParseOperand(PtxType type)
    {
        if (TryTake("["))
        {
            PtxOperand target = ParseOperand(PtxType.None);
            long offset = 0;
            while (!TryTake("]"))
            {
                // Both "+-4" and "-4" occur.
                bool isNegative = false;
                while (Current.Text is "+" or "-")
                    isNegative |= Take().Text == "-";
                long number = (long)ParseNumber(Take());
                offset += isNegative ? -number : number;
            }

            return new PtxAddress(target, offset);
        }

        if (TryTake("{"))
            return ParseList("}", type);
        if (TryTake("("))
            return ParseList(")", type);
        if (TryTake("!"))
            return ((PtxRegisterOperand)ParseOperand(type)) with { IsNegated = true };
        if (TryTake("-"))
            return ParseConstant(type, isNegative: true);
        if (Current.Kind == PtxTokenKind.Number)
            return ParseConstant(type, isNegative: false);

        string name = Take().Text;
        PtxOperand operand = name == "_" ? new PtxSink() : _scope.Find(name) switch
        {
            PtxRegister register => new PtxRegisterOperand(register, false),
            PtxVariable variable => new PtxSymbol(variable),
            _ when name.StartsWith('%') => new PtxSpecial(name),
            _ => new PtxName(name, _scope),
        };
        return TryTake("|") ? new PtxPair(operand, ParseOperand(type)) : operand;
    }

    private PtxVector ParseList(string end, PtxType type)
    {
        List<PtxOperand> items = [];
        while (!TryTake(end))
        {
            items.Add(ParseOperand(type));
            _ = TryTake(",");
        }

        return new PtxVector(items);
    }

    private PtxImmediate ParseConstant(PtxType type, bool isNegative)
    {
        PtxToken token = Take();
        string digits = token.Text;
        if (digits.Length > 2 && digits[0] == '0' && digits[1] is 'f' or 'F' or 'd' or 'D')
        {
            ulong bits = ParseNumber(token with { Text = $"0x{digits[2..]}" });
            bool isSingle = digits[1] is 'f' or 'F';
            if (type == PtxType.F64 && isSingle)
                return new PtxImmediate(BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)bits)), PtxType.F64);
            if (type == PtxType.F32 && !isSingle)
                return new PtxImmediate(BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(bits)), PtxType.F32);
            return new PtxImmediate(bits, isSingle ? PtxType.F32 : PtxType.F64);
        }

        ulong value = ParseNumber(token);
        return new PtxImmediate(isNegative ? 0 - value : value, PtxType.S64);
    }
}
