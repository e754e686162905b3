using static TorchSharp.torch;

namespace KernelGen.Torch;

/// <summary>
/// A sparse layer to torch's autograd: takes input [batch, in], values [capacity], bias [out] or null, and the <see cref="SparseLinear"/>; gives
/// activations [batch, out], feature-major in memory.
/// </summary>
/// <remarks>What is wrong is found in forward. An exception that left backward would end the process: the layer keeps it for the next forward.</remarks>
internal sealed class SparseFunction : autograd.SingleTensorFunction<SparseFunction>
{
    private const string Call = "call";

    public override string Name => nameof(SparseLinear);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, values, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        var call = new SparseCall((SparseLinear)vars[3], input.requires_grad, values.requires_grad, bias?.requires_grad ?? false);
        using var turned = input.t();
        var x = turned.contiguous();
        var batch = input.shape[0];
        var y = empty_strided([batch, call.Layer.Layer.OutFeatures], [1, batch]);
        call.Forward(x, y, values, bias, (int)batch);
        ctx.save_for_backward(call.KeepsResult ? [input, x, values, y] : [input, x, values]);
        ctx.save_data(Call, call);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor?> gradients = [null, null, null, null];
        if (ctx.get_data(Call) is SparseCall call)
        {
            try
            {
                var saved = ctx.get_saved_variables();
                var result = saved.Count > 3 ? saved[3] : null;
                if (is_grad_enabled())
                {
                    call.DifferentiableGradients(saved[0], saved[1], saved[2], result, grad_output, gradients);
                }
                else
                {
                    call.Gradients(saved[1], saved[2], result, grad_output, gradients);
                }

                saved.ForEach(tensor => tensor.Dispose());
            }
#pragma warning disable CA1031 // Whatever it is, it must not leave.
            catch (Exception e)
#pragma warning restore CA1031
            {
                call.Layer.Values.Fail(e);
            }
        }

        return gradients!;
    }
}
