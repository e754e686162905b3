using KernelGen;

// Every layer gets weights inside its pattern; plain loops say what must come out.
const int Batch = 5;
var random = new Random(1);
var model = new Consumer.Mlp();
var input = Values(Batch * 784);
var expected = input;
for (var layer = 0; layer < model.Layers.Count; layer++)
{
    var linear = model.Layers[layer];
    var (rows, columns) = (linear.OutFeatures, linear.InFeatures);
    var weights = Values(rows * columns);
    for (var i = 0; i < weights.Length; i++)
    {
        var (row, column) = (i / columns, i % columns);
        var active = layer switch { 0 => i % 20 == 0, 1 => column % 4 < 2, _ => ((row / 2) + (column / 4)) % 5 == 0 };
        weights[i] = active ? weights[i] : 0;
    }

    var bias = Values(rows);
    linear.SetWeights(weights, bias);
    expected = Product(expected, weights, bias, relu: layer < 2);
}

var actual = new float[Batch * 10];
model.Forward(input, actual, Batch);
var difference = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
Console.WriteLine(difference < 1e-3 ? "agrees" : $"differs by {difference}");

float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

static float[] Product(float[] input, float[] weights, float[] bias, bool relu)
{
    var (rows, columns) = (bias.Length, weights.Length / bias.Length);
    var output = new float[input.Length / columns * rows];
    for (var i = 0; i < output.Length; i++)
    {
        double sum = bias[i % rows];
        for (var k = 0; k < columns; k++)
        {
            sum += (double)input[(i / rows * columns) + k] * weights[(i % rows * columns) + k];
        }

        output[i] = (float)(relu ? Math.Max(0, sum) : sum);
    }

    return output;
}

namespace Consumer
{
    [SparseModel]
    public sealed partial class Mlp
    {
        [Linear(784, 300, Activation = Activation.Relu), Unstructured(Sparsity = 0.95)]
        public partial Linear Fc1 { get; }

        [Linear(300, 100, Activation = Activation.Relu), NM(2, 4)]
        public partial Linear Fc2 { get; }

        [Linear(100, 10), Block(2, 4, Sparsity = 0.8)]
        public partial Linear Fc3 { get; }
    }
}
