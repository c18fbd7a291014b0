namespace KernelGen.Gpu.Tests.Cuda;

/// <summary>A listing as cuobjdump writes it, short enough to count by hand. Its encodings are made up.</summary>
internal static class SassSample
{
    // Function One: 22 instructions and two NOPs. Loop at 0x0030: 11 instructions. Loop at 0x00f0, in an outer loop at 0x00e0: 3.
    public const string Text = """

        	code for sm_80
        		Function : One
        	.headerflags	@"EF_CUDA_TEXMODE_UNIFIED EF_CUDA_64BIT_ADDRESS EF_CUDA_SM80 EF_CUDA_VIRTUAL_SM(EF_CUDA_SM80)"
                /*0000*/                   IMAD.MOV.U32 R1, RZ, RZ, c[0x0][0x28] ;        /* 0x00000a00ff017624 */
                                                                                          /* 0x000fe400078e00ff */
                /*0010*/                   S2R R13, SR_TID.X ;                            /* 0x00000000000d7919 */
                                                                                          /* 0x000e620000002100 */
                /*0020*/              @!P0 BRA 0x140 ;                                    /* 0x000003e000000947 */
                                                                                          /* 0x000fea0003800000 */
                /*0030*/                   LDS.128 R8, [R8] ;                             /* 0x0000000008087984 */
                                                                                          /* 0x000fe80000000c00 */
                /*0040*/                   LDS.U.128 R4, [R4+0x1000] ;                    /* 0x0010000004047984 */
                                                                                          /* 0x000e240000000c00 */
                /*0050*/                   LDS.64 R6, [R4+0x1000] ;                       /* 0x0010000004047984 */
                                                                                          /* 0x000e240000000c00 */
                /*0060*/                   LDS R7, [R4] ;                                 /* 0x0010000004047984 */
                                                                                          /* 0x000e240000000c00 */
                /*0070*/                   FFMA R3, R8, R4, R3 ;                          /* 0x0000000408037223 */
                                                                                          /* 0x001fe40000000003 */
                /*0080*/                   FFMA.FTZ R12, R9.reuse, R5, R12 ;              /* 0x00000005090c7223 */
                                                                                          /* 0x000fe4000000000c */
                /*0090*/                   FADD R2, R10, R6 ;                             /* 0x000000060a027223 */
                                                                                          /* 0x000fc40000000002 */
                /*00a0*/                   STL [R1+0x8], R2 ;                             /* 0x000000060a027223 */
                                                                                          /* 0x000fc40000000002 */
                /*00b0*/              @!P1 BRA 0x30 ;                                     /* 0xffffff1000008947 */
                                                                                          /* 0x000fea000383ffff */
                /*00c0*/                   IADD3 R16, R16, 0x40, RZ ;                     /* 0x0000004010107810 */
                                                                                          /* 0x000fe20007ffe0ff */
                /*00d0*/               @P0 BRA P2, 0x30 ;                                 /* 0xffffff1000008947 */
                                                                                          /* 0x000fea000383ffff */
                /*00e0*/                   BAR.SYNC.DEFER_BLOCKING 0x0 ;                  /* 0x0000000000007b1d */
                                                                                          /* 0x000fe20000010000 */
                /*00f0*/              @UP0 HMMA.16816.F32.BF16 R4, R28, R26, R4 ;         /* 0x0000001a1c04723c */
                                                                                          /* 0x000fe20000041804 */
                /*0100*/                   HFMA2.MMA R0, -RZ, RZ, 0, 0 ;                  /* 0x00000000ff007435 */
                                                                                          /* 0x000fe200000001ff */
                /*0110*/               @P0 BRA 0xf0 ;                                     /* 0xffffff1000008947 */
                                                                                          /* 0x000fea000383ffff */
                /*0120*/               @P1 BRA 0xe0 ;                                     /* 0xffffff1000008947 */
                                                                                          /* 0x000fea000383ffff */
                /*0130*/                   STG.E.128 [R2.64], R4 ;                        /* 0x0000000402007986 */
                                                                                          /* 0x000fe2000c101d08 */
                /*0140*/                   EXIT ;                                         /* 0x000000000000794d */
                                                                                          /* 0x000fea0003800000 */
                /*0150*/                   BRA 0x150;                                     /* 0xfffffff000007947 */
                                                                                          /* 0x000fc0000383ffff */
                /*0160*/                   NOP;                                           /* 0x0000000000007918 */
                                                                                          /* 0x000fc00000000000 */
                /*0170*/                   NOP;                                           /* 0x0000000000007918 */
                                                                                          /* 0x000fc00000000000 */
        		..........


        		Function : Two
        	.headerflags	@"EF_CUDA_TEXMODE_UNIFIED EF_CUDA_64BIT_ADDRESS EF_CUDA_SM80 EF_CUDA_VIRTUAL_SM(EF_CUDA_SM80)"
                /*0000*/                   EXIT ;                                         /* 0x000000000000794d */
                                                                                          /* 0x000fea0003800000 */
        		..........

        """;
}
