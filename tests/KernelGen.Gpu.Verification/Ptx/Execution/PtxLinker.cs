namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Decodes an entry with the functions that it calls in line, each call with registers and local memory of its own: ILGPU's functions do not
/// call themselves.
/// </summary>
internal sealed class PtxLinker(PtxModule module, PtxOptions options, Func<PtxVariable, long> addressOfGlobal)
{
    private const int MaxDepth = 32;

    private readonly List<PtxStep> _steps = [];
    private readonly Dictionary<ulong, int> _constants = [];
    private readonly Dictionary<string, int> _specials = [];
    private readonly Dictionary<bool, int> _constantPredicates = [];
    private readonly PtxMemoryLayout _local = new(16);
    private readonly PtxMemoryLayout _shared = new(128);
    private readonly Dictionary<PtxVariable, int> _parameters = [];
    private int _registers;
    private int _predicates;

    public PtxOptions Options { get; } = options;

    public PtxModule Module { get; } = module;

    public int SharedGranule { get; set; } = 4;

    public int GlobalGranule { get; set; } = 4;

    public PtxProgram Link(PtxFunction entry)
    {
        int parameterBytes = 0;
        List<int> offsets = [];
        foreach (PtxVariable parameter in entry.Parameters)
        {
            parameterBytes = (parameterBytes + parameter.Alignment - 1) / parameter.Alignment * parameter.Alignment;
            offsets.Add(parameterBytes);
            _parameters.Add(parameter, parameterBytes);
            parameterBytes += parameter.Size;
        }

        Emit(entry, new PtxFrame(null, []), 0);
        PtxStep[] steps = PtxBlockOrder.Arrange([.. _steps]);
        return new PtxProgram
        {
            Entry = entry,
            Steps = steps,
            RegisterCount = _registers,
            PredicateCount = _predicates,
            Constants = [.. _constants.Select(pair => (pair.Value, pair.Key))],
            Specials = [.. _specials.Select(pair => (pair.Value, pair.Key))],
            ConstantPredicates = [.. _constantPredicates.Select(pair => (pair.Value, pair.Key))],
            ParameterOffsets = offsets,
            ParameterBytes = parameterBytes,
            LocalStates = _local.States(),
            SharedStates = _shared.States(),
            SharedGranuleShift = int.Log2(SharedGranule),
            GlobalGranuleShift = int.Log2(GlobalGranule),
        };
    }

    public int Constant(ulong bits)
    {
        if (!_constants.TryGetValue(bits, out int register))
            _constants.Add(bits, register = _registers++);
        return register;
    }

    public int Special(string name)
    {
        if (!_specials.TryGetValue(name, out int register))
            _specials.Add(name, register = _registers++);
        return register;
    }

    public int ConstantPredicate(bool value)
    {
        if (!_constantPredicates.TryGetValue(value, out int predicate))
            _constantPredicates.Add(value, predicate = _predicates++);
        return predicate;
    }

    /// <summary>Where a variable lies: an offset in its space, an address if it is global or constant.</summary>
    public (PtxSpace Space, long Address) Locate(PtxVariable variable, PtxFrame frame) => variable.Space switch
    {
        PtxSpace.Shared => (PtxSpace.Shared, _shared.OffsetOf(variable, variable.Size == 0 ? Options.DynamicSharedBytes : variable.Size)),
        PtxSpace.Param when _parameters.TryGetValue(variable, out int offset) => (PtxSpace.Param, offset),
        PtxSpace.Param when frame.Bindings.TryGetValue(variable, out long offset) => (PtxSpace.Local, offset),
        PtxSpace.Local or PtxSpace.Param => (PtxSpace.Local, _local.OffsetOf(variable, variable.Size)),
        _ => (variable.Space, addressOfGlobal(variable)),
    };

    private void Emit(PtxFunction function, PtxFrame frame, int depth)
    {
        frame.Registers = _registers;
        frame.Predicates = _predicates;
        _registers += function.Registers.Count;
        _predicates += function.Predicates.Count;
        PtxInstruction?[] instructions = Options.FuseMultiplyAdd ? PtxContraction.Apply(function) : [.. function.Instructions];
        int[] stepOf = new int[instructions.Length + 1];
        List<(PtxStep Step, PtxInstruction Instruction)> branches = [];
        List<PtxStep> returns = [];
        for (int i = 0; i < instructions.Length; i++)
        {
            stepOf[i] = _steps.Count;
            PtxInstruction? instruction = instructions[i];
            if (instruction is null)
                continue;
            if (instruction.Opcode == PtxOpcode.Call)
            {
                EmitCall(instruction, frame, depth);
                continue;
            }

            PtxStep step = new PtxDecoder(this, frame, instruction).Decode();
            if (step.Kind is PtxStepKind.Branch or PtxStepKind.BranchIndexed)
                branches.Add((step, instruction));
            if (step.Kind == PtxStepKind.Exit && instruction.Opcode == PtxOpcode.Ret && depth > 0)
            {
                step.Kind = PtxStepKind.Branch;
                returns.Add(step);
            }

            _steps.Add(step);
        }

        int end = stepOf[instructions.Length] = _steps.Count;
        if (depth == 0)
        {
            PtxInstruction exit = new(PtxOpcode.Exit, "exit", [], [], [], null, instructions.LastOrDefault(item => item is not null)?.Line ?? 0, "end of the entry");
            _steps.Add(new PtxStep(exit) { Kind = PtxStepKind.Exit });
        }

        foreach (PtxStep step in returns)
            step.Target = end;
        foreach ((PtxStep step, PtxInstruction instruction) in branches)
            ResolveTargets(step, instruction, stepOf);
    }

    private void EmitCall(PtxInstruction call, PtxFrame frame, int depth)
    {
        // call.uni (result), name, (arguments); the result's list may be missing.
        List<PtxOperand> operands = [.. call.Operands];
        PtxVector results = operands[0] as PtxVector ?? new PtxVector([]);
        if (operands[0] is PtxVector)
            operands.RemoveAt(0);
        PtxVector arguments = operands.Count > 1 ? (PtxVector)operands[1] : new PtxVector([]);
        string name = operands[0] is PtxName named ? named.Name : throw Unsupported(call, "an indirect call");
        if (!Module.Functions.TryGetValue(name, out PtxFunction? callee) || !callee.IsDefined)
            throw Unsupported(call, $"the function '{name}' has no body, a driver would not link it");
        if (call.Guard is not null || depth == MaxDepth)
            throw Unsupported(call, "a predicated or recursive call");

        Dictionary<PtxVariable, long> bindings = [];
        foreach ((PtxVariable formal, PtxOperand actual) in callee.Parameters.Zip(arguments.Items).Concat(callee.Results.Zip(results.Items)))
        {
            PtxVariable variable = actual is PtxSymbol symbol ? symbol.Variable : throw Unsupported(call, "an argument that is no variable");
            bindings[formal] = Locate(variable, frame).Address;
        }

        _local.Forget(callee.Variables);
        Emit(callee, new PtxFrame(frame, bindings), depth + 1);
    }

    private static void ResolveTargets(PtxStep step, PtxInstruction instruction, int[] stepOf)
    {
        int Resolve(PtxName label) => stepOf[label.Scope.FindLabel(label.Name) ?? throw Unsupported(instruction, $"no label '{label.Name}'")];
        if (step.Kind == PtxStepKind.Branch)
        {
            step.Target = Resolve((PtxName)instruction.Operands[0]);
            return;
        }

        PtxName table = (PtxName)instruction.Operands[1];
        step.Targets = [.. (table.Scope.FindTable(table.Name) ?? throw Unsupported(instruction, "no branch targets")).Select(Resolve)];
    }

    private static PtxSyntaxException Unsupported(PtxInstruction instruction, string reason) => new(instruction.Line, instruction.Text, reason);
}

/// <summary>One call's registers, predicates and arguments.</summary>
internal sealed class PtxFrame(PtxFrame? caller, Dictionary<PtxVariable, long> bindings)
{
    public PtxFrame? Caller { get; } = caller;

    /// <summary>Parameters, by the caller's variables' offsets in local memory.</summary>
    public Dictionary<PtxVariable, long> Bindings { get; } = bindings;

    public int Registers { get; set; }

    public int Predicates { get; set; }
}
