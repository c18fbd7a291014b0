namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>What one launch read and wrote of one array, in sectors of 32 bytes, the least that memory moves.</summary>
/// <param name="Bytes">Bytes of the array.</param>
/// <param name="ReadSectors">Sectors that loads asked for, as often as warps asked.</param>
/// <param name="WrittenSectors">Sectors that stores went to.</param>
/// <param name="LeastReads">Reads of the sector read the least.</param>
/// <param name="MostReads">Reads of the sector read the most.</param>
/// <param name="LeastWrites">Writes of the sector written the least.</param>
/// <param name="MostWrites">Writes of the sector written the most.</param>
public sealed record ArrayTraffic(long Bytes, long ReadSectors, long WrittenSectors, int LeastReads, int MostReads, int LeastWrites, int MostWrites)
{
    /// <summary>How many times the array was read, on average: 1 where each sector was read by one warp instruction.</summary>
    public double ReadFactor => ReadSectors * 32.0 / Bytes;

    /// <summary>How many times the array was written, on average.</summary>
    public double WriteFactor => WrittenSectors * 32.0 / Bytes;
}

internal sealed class SectorCounts(int bytes)
{
    private readonly int[] _reads = new int[(bytes + 31) / 32];
    private readonly int[] _writes = new int[(bytes + 31) / 32];

    public void Add(int sector, bool isWrite) => (isWrite ? _writes : _reads)[sector]++;

    public ArrayTraffic ToTraffic(int length) => _reads.Length == 0 ? new ArrayTraffic(0, 0, 0, 0, 0, 0, 0) : new ArrayTraffic(
        length, _reads.Sum(count => (long)count), _writes.Sum(count => (long)count), _reads.Min(), _reads.Max(), _writes.Min(), _writes.Max());
}
