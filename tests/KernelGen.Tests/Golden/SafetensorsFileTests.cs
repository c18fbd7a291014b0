using System.Text.Json;

namespace KernelGen.Tests.Golden;

public class SafetensorsFileTests
{
    [Fact]
    public void Parse_EveryType_Widened()
    {
        SafetensorsFile file = SafetensorsFile.Parse(new SafetensorsBuilder("{}")
            .Add("f64", [2], 1.5, -2)
            .Add("i32", [1, 1], -7)
            .Add("i64", "I64", [1], 254, 255, 255, 255, 255, 255, 255, 255)
            .Add("f32", "F32", [1], 0, 0, 192, 63)
            .Add("u8", "U8", [2], 3, 255)
            .Add("flags", "BOOL", [2], 0, 1)
            .Add("none", "F64", [0, 4])
            .ToBytes());

        Assert.Equal("{}", file.Metadata["settings"]);
        Assert.Equal([1.5, -2], file.Arrays["f64"].Values);
        Assert.Equal([1, 1], file.Arrays["i32"].Shape);
        Assert.Equal([-7], file.Arrays["i32"].Values);
        Assert.Equal([-2], file.Arrays["i64"].Values);
        Assert.Equal([1.5], file.Arrays["f32"].Values);
        Assert.Equal([3, 255], file.Arrays["u8"].Values);
        Assert.Equal([0, 1], file.Arrays["flags"].Values);
        Assert.Empty(file.Arrays["none"].Values);
    }

    [Theory]
    [InlineData("""{"a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 24]}}""", "no part of 16 bytes")]
    [InlineData("""{"a": {"dtype": "F64", "shape": [2], "data_offsets": [16, 0]}}""", "no part of 16 bytes")]
    [InlineData("""{"a": {"dtype": "F64", "shape": [3], "data_offsets": [0, 16]}}""", "needs 24 bytes")]
    [InlineData("""{"a": {"dtype": "F64", "shape": [2147483647, 2147483647, 2147483647, 2147483647], "data_offsets": [0, 16]}}""", "needs")]
    [InlineData("""{"a": {"dtype": "F64", "shape": [-2], "data_offsets": [0, 16]}}""", "holds -2")]
    [InlineData("""{"a": {"dtype": "F16", "shape": [8], "data_offsets": [0, 16]}}""", "dtype F16")]
    [InlineData("""{"a": {"shape": [2], "data_offsets": [0, 16]}}""", "dtype is missing")]
    [InlineData("""{"a": 5}""", "dtype is missing")]
    [InlineData("[]", "not an object")]
    public void Parse_WrongHeader_SaysWhat(string header, string expected)
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(SafetensorsBuilder.Of(header, new byte[16])));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AnyPrefixOfAFile_Throws()
    {
        byte[] file = new SafetensorsBuilder("{}").Add("a", [1], 1.0).ToBytes();

        for (int length = 0; length < file.Length; length++)
        {
            byte[] prefix = file[..length];
            Exception fault = Assert.ThrowsAny<Exception>(() => SafetensorsFile.Parse(prefix));
            Assert.True(fault is InvalidDataException or JsonException, $"{length} bytes: {fault.GetType().Name}");
        }
    }
}
