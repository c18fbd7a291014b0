namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>
/// Who touched a word last: block + 1 (18 bits), the block's barriers so far (18), the warp's own since (16), and 12 bits that say which thread,
/// or that several did. Two stamps are ordered where a barrier stands between them; nothing orders two blocks. Zero is nobody.
/// </summary>
internal static class AccessStamp
{
    public const int MaxBlocks = (1 << 18) - 2;
    public const int MaxBarriers = (1 << 18) - 1;
    public const int MaxWarpBarriers = (1 << 16) - 1;

    private const ulong ManyThreads = 0x7ff;
    private const ulong ManyInWarp = 0x400;
    private const ulong Atomic = 0x800;
    private const ulong ManyBlocks = (ulong)((1 << 18) - 1) << 46;

    public static ulong Base(int block, int barriers, int warpBarriers) =>
        (ulong)(block + 1) << 46 | (ulong)barriers << 28 | (ulong)warpBarriers << 12;

    /// <summary>Whether an access is unordered with an earlier one that it may not overlap.</summary>
    public static bool Conflicts(ulong earlier, ulong mine)
    {
        if (earlier == 0)
            return false;
        if (earlier >> 46 != mine >> 46)
            return true;
        if (earlier >> 28 != mine >> 28)
            return false;
        ulong who = earlier & 0x7ff;
        if (who == (mine & 0x7ff))
            return false;
        return Warp(who) != Warp(mine & 0x7ff) || (earlier >> 12 & 0xffff) == (mine >> 12 & 0xffff);
    }

    /// <summary>The stamp of a word that one more thread read.</summary>
    public static ulong AddReader(ulong earlier, ulong mine)
    {
        if (earlier == 0 || earlier == mine)
            return mine;
        if (earlier >> 46 != mine >> 46)
            return ManyBlocks;
        if (earlier >> 28 != mine >> 28)
            return mine;
        ulong who = earlier & 0x7ff;
        ulong me = mine & 0x7ff;
        if (who == me)
            return mine;
        if (who == ManyThreads || Warp(who) != Warp(me))
            return mine & ~0xfffUL | ManyThreads;

        // Earlier readers of the same warp that its own barrier ordered before this one need not be remembered.
        return (earlier >> 12 & 0xffff) < (mine >> 12 & 0xffff) ? mine : mine & ~0xfffUL | ManyInWarp | me >> 5 & 31;
    }

    /// <summary>Whether an atomic access is unordered with an earlier write that is not atomic.</summary>
    public static bool ConflictsAtomic(ulong earlier, ulong mine) => (earlier & Atomic) == 0 && Conflicts(earlier, mine);

    /// <summary>The stamp of a word that a thread updated atomically.</summary>
    public static ulong AddAtomic(ulong earlier, ulong mine) =>
        (earlier & Atomic) == 0 ? mine | Atomic : AddReader(earlier & ~Atomic, mine) | Atomic;

    private static ulong Warp(ulong who) => who == ManyThreads ? ulong.MaxValue : who < ManyInWarp ? who >> 5 : who & 31;
}
