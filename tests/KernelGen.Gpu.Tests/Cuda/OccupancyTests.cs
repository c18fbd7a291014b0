using KernelGen.Gpu.Verification.Cuda;

namespace KernelGen.Gpu.Tests.Cuda;

public sealed class OccupancyTests
{
    // Worked by hand. 255 registers: 8,160 a warp, allotted 8,192; two warps a partition, so 8 an SM. 48 KiB and 1 reserved: 3 blocks in 164 KiB, 2 in
    // 100, 4 in 228; with none reserved 2 in 96. 92 registers: 2,944, allotted 3,072; five warps a partition, 20 an SM. 80: 2,560; six and 24.
    [Theory]
    [InlineData("sm_70", 64, 255, 49_152, 2, 4, OccupancyLimit.SharedMemory)]
    [InlineData("sm_80", 64, 255, 49_152, 3, 6, OccupancyLimit.SharedMemory)]
    [InlineData("sm_86", 64, 255, 49_152, 2, 4, OccupancyLimit.SharedMemory)]
    [InlineData("sm_90", 64, 255, 49_152, 4, 8, OccupancyLimit.Registers)]
    [InlineData("sm_80", 256, 92, 49_152, 2, 16, OccupancyLimit.Registers)]
    [InlineData("sm_90", 256, 80, 49_152, 3, 24, OccupancyLimit.Registers)]
    [InlineData("sm_80", 1024, 32, 0, 2, 64, OccupancyLimit.Warps)]
    [InlineData("sm_86", 1024, 32, 0, 1, 32, OccupancyLimit.Warps)]
    [InlineData("sm_80", 32, 16, 0, 32, 32, OccupancyLimit.Blocks)]
    [InlineData("sm_86", 32, 16, 0, 16, 16, OccupancyLimit.Blocks)]
    [InlineData("sm_80", 1024, 65, 0, 0, 0, OccupancyLimit.Registers)]
    [InlineData("sm_70", 64, 0, 98_305, 0, 0, OccupancyLimit.SharedMemory)]
    public void Occupancy_OfHandExamples_Agrees(string architecture, int threads, int registers, int sharedBytes, int blocks, int warps, OccupancyLimit limit)
    {
        ComputeCapability capability = ComputeCapability.Of(architecture);
        Assert.Equal(
            new Occupancy(blocks, warps, (double)warps / capability.MaxWarps, limit),
            Occupancy.Of(capability, threads, registers, sharedBytes));
    }

    [Fact]
    public void Occupancy_OfPartialWarp_CountsIt() => Assert.Equal(2 * 32, Occupancy.Of(ComputeCapability.Sm80, 33, 16, 0).Warps);

    [Theory]
    [InlineData(0, 32, 0)]
    [InlineData(1025, 32, 0)]
    [InlineData(64, 256, 0)]
    [InlineData(64, 32, -1)]
    public void Occupancy_OutsideOfARange_IsRefused(int threads, int registers, int sharedBytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Occupancy.Of(ComputeCapability.Sm80, threads, registers, sharedBytes));

    [Fact]
    public void ComputeCapability_Unknown_IsRefused() => Assert.Throws<ArgumentException>(() => ComputeCapability.Of("sm_61"));
}
