using System.Numerics;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>ld, st, atom, red and cp.async.</summary>
internal sealed partial class PtxDecoder
{
    private static readonly string[] _hints =
        ["volatile", "weak", "relaxed", "acquire", "release", "acq_rel", "cta", "gpu", "sys", "ca", "cg", "cs", "lu", "cv", "wb", "wt", "nc"];

    private void DecodeMemory()
    {
        _modifiers.RemoveAll(modifier => _hints.Contains(modifier) || modifier.StartsWith("L1::", StringComparison.Ordinal)
            || modifier.StartsWith("L2::", StringComparison.Ordinal));
        bool isAtomic = instruction.Opcode is PtxOpcode.Atom or PtxOpcode.Red;
        bool isLoad = instruction.Opcode is PtxOpcode.Ld or PtxOpcode.Atom;
        PtxAddress address = Operand(isLoad ? 1 : 0) as PtxAddress ?? throw Unsupported("an address in brackets is needed");
        PtxSpace space = TakeSpace();
        if (address.Base is PtxSymbol { Variable.Space: PtxSpace.Param } parameter && space == PtxSpace.Param)
        {
            (space, long offset) = linker.Locate(parameter.Variable, frame);
            _step.Offset = address.Offset + (space == PtxSpace.Param ? offset : 0);
        }
        else
        {
            _step.Offset = address.Offset;
        }

        if (space != PtxSpace.Param)
            _step.A = Source(address.Base);
        int count = Take("v2") ? 2 : Take("v4") ? 4 : 1;
        _step.ElementBytes = Type.Size();
        _step.AccessBytes = _step.ElementBytes * count;
        _step.IsSigned = Type.IsSigned();
        NoteGranule(space);
        if (isAtomic)
        {
            DecodeUpdate(space, isLoad);
            return;
        }

        IReadOnlyList<PtxOperand> items = Items(Operand(isLoad ? 0 : 1));
        if (items.Count != count)
            throw Unsupported($"{count} registers are needed");
        _step.Vector = [.. items.Select(item => isLoad ? Destination(item) : Source(item))];
        _step.Run = (space, isLoad) switch
        {
            (PtxSpace.Param, true) => MemoryOperations.LoadParameter,
            (PtxSpace.Shared, true) => MemoryOperations.Load<SharedSpace>,
            (PtxSpace.Shared, false) => MemoryOperations.Store<SharedSpace>,
            (PtxSpace.Local, true) => MemoryOperations.Load<LocalSpace>,
            (PtxSpace.Local, false) => MemoryOperations.Store<LocalSpace>,
            (PtxSpace.Global or PtxSpace.Const, true) => MemoryOperations.Load<GlobalSpace>,
            (PtxSpace.Global, false) => MemoryOperations.Store<GlobalSpace>,
            (PtxSpace.Generic, true) => MemoryOperations.Load<GenericSpace>,
            (PtxSpace.Generic, false) => MemoryOperations.Store<GenericSpace>,
            _ => throw Unsupported("no such access"),
        };
    }

    private PtxSpace TakeSpace() =>
        Take("global") ? PtxSpace.Global
        : Take("shared") || Take("shared::cta") ? PtxSpace.Shared
        : Take("local") ? PtxSpace.Local
        : Take("const") ? PtxSpace.Const
        : Take("param") || Take("param::entry") || Take("param::func") ? PtxSpace.Param
        : PtxSpace.Generic;

    // Races are looked for in words as small as the smallest element, so that neighbours of 16 bits do not count as one.
    private void NoteGranule(PtxSpace space)
    {
        if (space is PtxSpace.Shared or PtxSpace.Generic)
            linker.SharedGranule = Math.Min(linker.SharedGranule, _step.ElementBytes);
        if (space is PtxSpace.Global or PtxSpace.Generic)
            linker.GlobalGranule = Math.Min(linker.GlobalGranule, _step.ElementBytes);
    }

    private void DecodeUpdate(PtxSpace space, bool hasResult)
    {
        int first = hasResult ? 2 : 1;
        string name = TakeFirst("the operation");
        Take("noftz");
        _step.Vector = hasResult ? [Destination(0)] : [];
        _step.B = Source(first);
        _step.C = name == "cas" ? Source(first + 1) : _step.B;
        _step.Update = name switch
        {
            "exch" => (_, value, _) => value,
            "cas" => _step.ElementBytes == 4
                ? (old, expected, value) => (uint)old == (uint)expected ? value : old
                : (old, expected, value) => old == expected ? value : old,
            "and" => (old, value, _) => old & value,
            "or" => (old, value, _) => old | value,
            "xor" => (old, value, _) => old ^ value,
            "inc" => (old, limit, _) => (uint)old >= (uint)limit ? 0 : old + 1,
            "dec" => (old, limit, _) => (uint)old == 0 || (uint)old > (uint)limit ? limit : old - 1,
            "add" or "min" or "max" => Type switch
            {
                PtxType.U32 or PtxType.B32 => Update<uint>(name),
                PtxType.S32 => Update<int>(name),
                PtxType.U64 or PtxType.B64 => Update<ulong>(name),
                PtxType.S64 => Update<long>(name),
                PtxType.F16 => Update<Half>(name),
                PtxType.F32 => Update<float>(name),
                PtxType.F64 => Update<double>(name),
                _ => throw Unsupported("no such update of this type"),
            },
            _ => throw Unsupported($"unknown update '{name}'"),
        };
        _step.Run = space switch
        {
            PtxSpace.Global => MemoryOperations.Update<GlobalSpace>,
            PtxSpace.Shared => MemoryOperations.Update<SharedSpace>,
            PtxSpace.Generic => MemoryOperations.Update<GenericSpace>,
            _ => throw Unsupported("no updates in this state space"),
        };
    }

    private static Func<ulong, ulong, ulong, ulong> Update<T>(string name)
        where T : unmanaged, INumber<T> => (old, value, _) =>
        {
            T x = LaneLoops.Get<T>(ref old, 0);
            T y = LaneLoops.Get<T>(ref value, 0);
            ulong result = 0;
            LaneLoops.Put(ref result, 0, name == "add" ? x + y : name == "min" ? T.MinNumber(x, y) : T.MaxNumber(x, y));
            return result;
        };

    // cp.async.cg.shared.global [dst], [src], bytes{, source bytes}; cp.async.commit_group; cp.async.wait_group n; cp.async.wait_all
    private void DecodeCopy()
    {
        if (!Take("async"))
            throw Unsupported("only cp.async is known");
        if (Take("commit_group"))
        {
            _step.Run = CopyOperations.Commit;
            return;
        }

        bool isAll = Take("wait_all");
        if (isAll || Take("wait_group"))
        {
            _step.Offset = isAll ? 0 : Operand(0) is PtxImmediate number ? (long)number.Bits : throw Unsupported("a constant is needed");
            _step.IsUniform = isAll;
            _step.Run = CopyOperations.Wait;
            return;
        }

        _modifiers.RemoveAll(modifier => modifier.StartsWith("L2::", StringComparison.Ordinal));
        bool isKnown = (Take("ca") || Take("cg")) & (Take("shared") || Take("shared::cta")) & Take("global");
        if (!isKnown || Operand(0) is not PtxAddress target || Operand(1) is not PtxAddress source || Operand(2) is not PtxImmediate bytes)
            throw Unsupported("no such copy");
        _step.A = Source(source.Base);
        _step.Offset = source.Offset;
        _step.B = Source(target.Base);
        _step.Target = 0;
        _step.Vector = [(int)target.Offset];
        _step.AccessBytes = (int)bytes.Bits;
        _step.C = instruction.Operands.Count > 3 ? Source(3) : linker.Constant(bytes.Bits) * PtxWarp.Size;
        linker.SharedGranule = Math.Min(linker.SharedGranule, 4);
        _step.Run = CopyOperations.Start;
    }
}
