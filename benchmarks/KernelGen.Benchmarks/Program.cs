using BenchmarkDotNet.Running;
using KernelGen.Benchmarks.Gpu;
using KernelGen.Benchmarks.Plots;
using KernelGen.Benchmarks.Ratios;

// `ratios` compares with peers and with the machine's limits, in turns, in one process: the figures that are quoted.
// `plots` measures and draws what the README shows.
// `gpu` says what is known of the GPU kernels without a GPU.
// Anything else goes to BenchmarkDotNet: absolute times of ours alone, for the record; all of them if nothing is said.
if (args is ["ratios", ..])
    return RatiosCommand.Run(args.AsSpan(1));
if (args is ["plots", ..])
    return PlotsCommand.Run(args.AsSpan(1));
if (args is ["gpu", ..])
    return GpuCommand.Run(args.AsSpan(1));

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
return 0;
