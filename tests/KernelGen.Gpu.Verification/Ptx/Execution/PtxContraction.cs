namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Fuses products with the sums that they go to, as ptxas does by default: ILGPU writes <c>a * b + c</c> as <c>mul.f32</c> and <c>add.f32</c>, whose
/// lack of a rounding modifier permits it. A product is fused where its only reader is one sum of the same basic block. Of two products in one
/// sum the first operand's is: which one ptxas takes is not known.
/// </summary>
internal static class PtxContraction
{
    public static PtxInstruction?[] Apply(PtxFunction function)
    {
        PtxInstruction?[] result = [.. function.Instructions];
        Dictionary<PtxRegister, int> reads = [];
        Dictionary<PtxRegister, int> writes = [];
        foreach (PtxInstruction instruction in function.Instructions)
        {
            for (int operand = 0; operand < instruction.Operands.Count; operand++)
            {
                foreach (PtxRegister register in Registers(instruction.Operands[operand]))
                {
                    Dictionary<PtxRegister, int> counts = operand == 0 && HasDestination(instruction) ? writes : reads;
                    counts[register] = counts.GetValueOrDefault(register) + 1;
                }
            }
        }

        Dictionary<PtxRegister, int> products = [];
        for (int at = 0; at < result.Length; at++)
        {
            PtxInstruction instruction = result[at]!;
            if (function.Labelled.Contains(at))
                products.Clear();
            if (instruction.Opcode is PtxOpcode.Bra or PtxOpcode.Brx or PtxOpcode.Bar or PtxOpcode.Call)
            {
                products.Clear();
                continue;
            }

            PtxInstruction? fused = Fuse(instruction, products, result);
            if (fused is not null)
                result[at] = fused;
            foreach (PtxRegister written in HasDestination(instruction) ? Registers(instruction.Operands[0]) : [])
            {
                foreach ((PtxRegister product, int made) in products.ToArray())
                {
                    if (product == written || result[made]!.Operands.Skip(1).SelectMany(Registers).Contains(written))
                        products.Remove(product);
                }
            }

            if (instruction.Mnemonic is "mul.f32" or "mul.f64" or "mul.f16" or "mul.ftz.f32" && instruction.Guard is null
                && instruction.Operands[0] is PtxRegisterOperand { Register: var target }
                && writes.GetValueOrDefault(target) == 1 && reads.GetValueOrDefault(target) == 1)
                products[target] = at;
        }

        return result;
    }

    // x + a * b, a * b + x, a * b - x and x - a * b; signs of products go to their first factors.
    private static PtxInstruction? Fuse(PtxInstruction sum, Dictionary<PtxRegister, int> products, PtxInstruction?[] instructions)
    {
        if (sum.Mnemonic is not ("add.f32" or "add.f64" or "add.f16" or "add.ftz.f32" or "sub.f32" or "sub.f64" or "sub.f16" or "sub.ftz.f32"))
            return null;
        for (int operand = 1; operand <= 2; operand++)
        {
            if (sum.Operands[operand] is not PtxRegisterOperand { Register: var register } || !products.Remove(register, out int made))
                continue;
            PtxInstruction product = instructions[made]!;
            bool isDifference = sum.Opcode == PtxOpcode.Sub;
            PtxOperand other = sum.Operands[3 - operand];
            instructions[made] = null;
            string kind = !isDifference ? "" : operand == 1 ? "sub" : "neg";
            return sum with
            {
                Opcode = PtxOpcode.Fma,
                Mnemonic = $"fma.rn{sum.Mnemonic[sum.Mnemonic.IndexOf('.')..]}",
                Modifiers = kind.Length == 0 ? ["rn", .. sum.Modifiers] : ["rn", kind, .. sum.Modifiers],
                Operands = [sum.Operands[0], product.Operands[1], product.Operands[2], other],
                Text = $"{product.Text}; {sum.Text} (fused)",
            };
        }

        return null;
    }

    private static bool HasDestination(PtxInstruction instruction) =>
        instruction.Operands.Count > 0 && instruction.Opcode is not (PtxOpcode.St or PtxOpcode.Red or PtxOpcode.Bra or PtxOpcode.Brx or PtxOpcode.Bar or PtxOpcode.Cp);

    private static IEnumerable<PtxRegister> Registers(PtxOperand operand) => operand switch
    {
        PtxRegisterOperand register => [register.Register],
        PtxVector vector => vector.Items.SelectMany(Registers),
        PtxPair pair => [.. Registers(pair.First), .. Registers(pair.Second)],
        PtxAddress address => Registers(address.Base),
        _ => [],
    };
}
