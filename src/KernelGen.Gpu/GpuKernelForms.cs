using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>The form of every forward kernel. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void GpuForwardKernel(
    ArrayView<float> k, GpuRows kRows, ArrayView<float> q, GpuRows qRows, ArrayView<float> v, GpuRows vRows, ArrayView<float> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut);

/// <summary>The form of every backward kernel. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void GpuBackwardKernel(
    ArrayView<float> dO, GpuRows dORows, ArrayView<float> k, GpuRows kRows, ArrayView<float> q, GpuRows qRows, ArrayView<float> v, GpuRows vRows,
    ArrayView<float> dk, GpuRows dkRows, ArrayView<float> dq, GpuRows dqRows, ArrayView<float> dv, GpuRows dvRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> dn, GpuRows dnRows, ArrayView<float> inv, GpuRows invRows, ArrayView<float> kflow, GpuRows kflowRows, ArrayView<float> qflow, GpuRows qflowRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut);

/// <summary>A forward kernel with what a launch adds.</summary>
internal delegate void GpuForwardLauncher(
    AcceleratorStream stream, KernelConfig config,
    ArrayView<float> k, GpuRows kRows, ArrayView<float> q, GpuRows qRows, ArrayView<float> v, GpuRows vRows, ArrayView<float> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut);

/// <summary>A backward kernel with what a launch adds.</summary>
internal delegate void GpuBackwardLauncher(
    AcceleratorStream stream, KernelConfig config,
    ArrayView<float> dO, GpuRows dORows, ArrayView<float> k, GpuRows kRows, ArrayView<float> q, GpuRows qRows, ArrayView<float> v, GpuRows vRows,
    ArrayView<float> dk, GpuRows dkRows, ArrayView<float> dq, GpuRows dqRows, ArrayView<float> dv, GpuRows dvRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> dn, GpuRows dnRows, ArrayView<float> inv, GpuRows invRows, ArrayView<float> kflow, GpuRows kflowRows, ArrayView<float> qflow, GpuRows qflowRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut);
