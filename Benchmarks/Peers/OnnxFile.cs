using System.Runtime.InteropServices;
using Google.Protobuf;

namespace KernelGen.Benchmarks.Peers;

/// <summary>An ONNX model of dense layers: Y = X W^T, [N, K] to [N, M], each followed by Relu but the last.</summary>
/// <remarks>The field numbers are those of onnx.proto, version 8 of the format, operator set 13.</remarks>
internal static class OnnxFile
{
    public const string Input = "x";
    public const string Output = "y";

    private const int Float = 1;

    /// <summary>Encodes a model.</summary>
    /// <param name="batch">N.</param>
    /// <param name="layers">The weights of each layer, transposed: [K, M].</param>
    public static byte[] Encode(int batch, IReadOnlyList<(float[] TransposedWeights, int K, int M)> layers)
    {
        var graph = Message(graph =>
        {
            for (var i = 0; i < layers.Count; i++)
            {
                var last = i == layers.Count - 1;
                var from = i == 0 ? Input : $"relu{i - 1}";
                graph.Field(1, Node("MatMul", [from, $"w{i}"], last ? Output : $"sum{i}"));
                if (!last)
                {
                    graph.Field(1, Node("Relu", [$"sum{i}"], $"relu{i}"));
                }
            }

            graph.Field(2, "layers");
            for (var i = 0; i < layers.Count; i++)
            {
                graph.Field(5, Weights($"w{i}", layers[i].TransposedWeights, layers[i].K, layers[i].M));
            }

            graph.Field(11, Value(Input, batch, layers[0].K));
            graph.Field(12, Value(Output, batch, layers[^1].M));
        });
        return Message(model =>
        {
            model.Field(1, 8);
            model.Field(7, graph);
            model.Field(8, Message(operators => operators.Field(2, 13)));
        });
    }

    private static byte[] Node(string type, string[] inputs, string output) => Message(node =>
    {
        foreach (var input in inputs)
        {
            node.Field(1, input);
        }

        node.Field(2, output);
        node.Field(4, type);
    });

    private static byte[] Weights(string name, float[] values, int rows, int columns) => Message(weights =>
    {
        weights.Field(1, rows);
        weights.Field(1, columns);
        weights.Field(2, Float);
        weights.Field(8, name);
        weights.Field(9, MemoryMarshal.AsBytes<float>(values).ToArray());
    });

    private static byte[] Value(string name, int rows, int columns) => Message(value =>
    {
        value.Field(1, name);
        value.Field(2, Message(type => type.Field(1, Message(tensor =>
        {
            tensor.Field(1, Float);
            tensor.Field(2, Message(shape =>
            {
                shape.Field(1, Message(dimension => dimension.Field(1, rows)));
                shape.Field(1, Message(dimension => dimension.Field(1, columns)));
            }));
        }))));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }

    private static void Field(this CodedOutputStream output, int number, long value)
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Field(this CodedOutputStream output, int number, string value)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Field(this CodedOutputStream output, int number, byte[] value)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }
}
