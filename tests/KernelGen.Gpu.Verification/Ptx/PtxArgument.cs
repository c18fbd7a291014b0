using System.Runtime.InteropServices;

namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Puts a launch's arguments where ILGPU's parameters are. An <c>ArrayView</c> is a <c>.param .align 8 .b8 x[16]</c> of an address and a length in
/// elements, both 64 bits; a bool is a <c>.b32</c>; other scalars are as wide as they are; a structure is its fields at their natural alignments.
/// </summary>
internal static class PtxArgument
{
    public static byte[] Pack(PtxProgram program, object[] arguments)
    {
        IReadOnlyList<PtxVariable> parameters = program.Entry.Parameters;
        if (arguments.Length != parameters.Count)
            throw new ArgumentException($"{program.Entry.Name} has {parameters.Count} parameters, {arguments.Length} arguments were given.", nameof(arguments));

        byte[] bytes = new byte[program.ParameterBytes];
        for (int i = 0; i < arguments.Length; i++)
        {
            byte[] value = Bytes(arguments[i], parameters[i]);
            if (value.Length != parameters[i].Size)
            {
                throw new ArgumentException(
                    $"Argument {i} ({arguments[i].GetType().Name}, {value.Length} bytes) does not fit {program.Entry.Name}'s parameter {parameters[i].Name} of {parameters[i].Size} bytes.",
                    nameof(arguments));
            }

            value.CopyTo(bytes, program.ParameterOffsets[i]);
        }

        return bytes;
    }

    private static byte[] Bytes(object argument, PtxVariable? parameter) => argument switch
    {
        DeviceArray array => Raw(array.View(0, array.Length)),
        DeviceView view => Raw(view),
        bool flag => parameter?.Size == 4 ? BitConverter.GetBytes(flag ? 1 : 0) : [flag ? (byte)1 : (byte)0],
        byte value => [value],
        sbyte value => [(byte)value],
        short value => BitConverter.GetBytes(value),
        ushort value => BitConverter.GetBytes(value),
        int value => BitConverter.GetBytes(value),
        uint value => BitConverter.GetBytes(value),
        long value => BitConverter.GetBytes(value),
        ulong value => BitConverter.GetBytes(value),
        float value => BitConverter.GetBytes(value),
        double value => BitConverter.GetBytes(value),
        Half value => BitConverter.GetBytes(value),
        ILGPU.Half value => Raw(value),
        byte[] raw => raw,
        object[] fields => Structure(fields),
        _ => throw new ArgumentException($"A {argument.GetType()} is no argument of a kernel.", nameof(argument)),
    };

    // Fields in order, each at a multiple of its own alignment, the whole a multiple of the largest.
    private static byte[] Structure(object[] fields)
    {
        List<byte> bytes = [];
        int largest = 1;
        foreach (object field in fields)
        {
            byte[] value = Bytes(field, null);
            int alignment = field is DeviceArray or DeviceView or object[] ? 8 : value.Length;
            largest = Math.Max(largest, alignment);
            while (bytes.Count % alignment != 0)
                bytes.Add(0);
            bytes.AddRange(value);
        }

        while (bytes.Count % largest != 0)
            bytes.Add(0);
        return [.. bytes];
    }

    private static byte[] Raw<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
