using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace KernelGen.Tests.Jit;

/// <summary>What the JIT counts of a method before it decides how much work the method is worth.</summary>
/// <param name="Method">Class and method.</param>
/// <param name="Bytes">Of IL.</param>
/// <param name="Instructions">Of IL.</param>
/// <param name="Locals">Arguments and locals.</param>
/// <param name="LocalReferences">Instructions that read or write one of those.</param>
/// <param name="Branches">Instructions that end a basic block.</param>
internal sealed record IlSize(string Method, int Bytes, int Instructions, int Locals, int LocalReferences, int Branches)
{
    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every method with a body in one namespace of an image.</summary>
    public static IReadOnlyList<IlSize> ReadAll(Stream image, string nameSpace)
    {
        using PEReader file = new(image);
        MetadataReader metadata = file.GetMetadataReader();
        List<IlSize> sizes = [];
        foreach (TypeDefinition type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            if (metadata.GetString(type.Namespace) != nameSpace)
                continue;
            foreach (MethodDefinition method in type.GetMethods().Select(metadata.GetMethodDefinition).Where(m => m.RelativeVirtualAddress != 0))
                sizes.Add(Read(metadata, method, $"{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}", file.GetMethodBody(method.RelativeVirtualAddress)));
        }

        return sizes;
    }

    private static IlSize Read(MetadataReader metadata, MethodDefinition method, string name, MethodBodyBlock body)
    {
        byte[] il = body.GetILBytes()!;
        int instructions = 0, references = 0, branches = 0;
        for (int at = 0; at < il.Length; instructions++)
        {
            short value = il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at];
            OpCode code = s_opCodes[value];
            at += code.Size;
            if (code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
                branches++;
            if (code.Name!.StartsWith("ldloc", StringComparison.Ordinal) || code.Name.StartsWith("stloc", StringComparison.Ordinal)
                || code.Name.StartsWith("ldarg", StringComparison.Ordinal) || code.Name.StartsWith("starg", StringComparison.Ordinal))
                references++;
            at += code.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(il, at)) : OperandBytes(code.OperandType);
        }

        return new IlSize(name, il.Length, instructions, CountArguments(metadata, method) + CountLocals(metadata, body), references, branches);
    }

    private static int CountLocals(MetadataReader metadata, MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
            return 0;
        BlobReader signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static int CountArguments(MetadataReader metadata, MethodDefinition method)
    {
        BlobReader signature = metadata.GetBlobReader(method.Signature);
        SignatureHeader header = signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() + (header.IsInstance ? 1 : 0);
    }

    private static int OperandBytes(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
