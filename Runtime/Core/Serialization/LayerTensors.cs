using KernelGen.Formats;

namespace KernelGen.Serialization;

/// <summary>A layer's tensors in a file: found and checked in the header, read in the order of the data, then assembled.</summary>
internal sealed class LayerTensors
{
    private readonly LayerDescriptor _layer;
    private readonly TensorEntry _weights;
    private readonly TensorEntry? _mask;
    private readonly TensorEntry? _bias;
    private readonly MaskIndex? _index;
    private readonly bool _full;
    private float[] _weightData = [];
    private byte[] _maskData = [];
    private float[] _biasData = [];

    /// <summary>Takes the layer's tensors.</summary>
    /// <exception cref="InvalidDataException">One is missing, too many, or has the wrong type or shape.</exception>
    public LayerTensors(LayerDescriptor layer, NamedTensors tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (layer.WeightCount > Array.MaxLength)
        {
            throw new NotSupportedException($"Layer '{layer.Name}' has {layer.WeightCount} weights; {Array.MaxLength} are the most.");
        }

        _layer = layer;
        var dense = tensors.Take(TensorNames.Weight(layer));
        var values = tensors.Take(TensorNames.Values(layer));
        _mask = tensors.Take(TensorNames.Mask(layer));
        _bias = tensors.Take(TensorNames.Bias(layer));
        if (dense is not null)
        {
            RequireAbsent(values ?? _mask, $"has its weights in '{dense.Name}' already");
            RequireFloats(dense, layer.OutFeatures, layer.InFeatures);
            _weights = dense;
            _full = layer.Pattern is DensePattern || IsMarkedFull(dense, metadata);
        }
        else
        {
            // A file that holds neither is most likely another tool's: it lacks the dense tensor.
            _weights = values ?? throw tensors.Missing(layer, _mask is null ? TensorNames.Weight(layer) : TensorNames.Values(layer));
            _index = ParseIndex(_mask ?? throw tensors.Missing(layer, TensorNames.Mask(layer)), metadata);
            Require(values.Shape.Length == 1 && values.Count <= layer.WeightCount, values, $"the shape is {values.ShapeText}");
            RequireFloats(values, values.Count);
        }

        if (layer.Bias)
        {
            RequireFloats(_bias ?? throw tensors.Missing(layer, TensorNames.Bias(layer)), layer.OutFeatures);
        }
        else
        {
            RequireAbsent(_bias, "is declared without a bias");
        }
    }

    /// <summary>Reads the next tensor, if it is the layer's.</summary>
    public bool TryRead(SafetensorsReader reader, TensorEntry tensor)
    {
        if (ReferenceEquals(tensor, _weights))
        {
            _weightData = reader.ReadFloats(tensor);
        }
        else if (ReferenceEquals(tensor, _mask))
        {
            _maskData = reader.ReadBytes(tensor);
        }
        else if (ReferenceEquals(tensor, _bias))
        {
            _biasData = reader.ReadFloats(tensor);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Makes the weights, once all tensors are read.</summary>
    /// <exception cref="InvalidDataException">The mask is damaged.</exception>
    public LayerWeights Assemble() => new(_index is null ? AssembleDense() : AssembleSparse(_index), _biasData);

    private SparseMatrix AssembleDense()
    {
        var (rows, columns) = (_layer.OutFeatures, _layer.InFeatures);
        return _full
            ? SparseMatrix.FromFull(rows, columns, _weightData)
            : SparseMatrix.FromDense(_weightData, rows, columns);
    }

    private SparseMatrix AssembleSparse(MaskIndex index)
    {
        try
        {
            return index.Decode(_maskData, _layer.OutFeatures, _layer.InFeatures, _weightData.Length).ToMatrix(_weightData);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(Problem(_mask!, $"the mask in format '{index}' is damaged: {e.Message}"), e);
        }
    }

    private MaskIndex ParseIndex(TensorEntry mask, IReadOnlyDictionary<string, string> metadata)
    {
        Require(mask.Type == TensorType.Byte && mask.Shape.Length == 1, mask, $"it is {mask.Type} {mask.ShapeText}, not U8 [bytes]");
        Require(metadata.ContainsKey(TensorNames.VersionKey), mask, $"the file's metadata lacks '{TensorNames.VersionKey}'");
        var format = metadata.GetValueOrDefault(mask.Name);
        Require(format is not null, mask, "the file's metadata doesn't name its format");
        var (shape, index) = format!.Split(' ', 2) is [var first, var rest] ? (first, MaskIndexes.Parse(rest)) : ("", null);
        Require(index is not null, mask, $"the format '{format}' is unknown");
        Require(
            MaskIndexes.ParsePair(shape, 'x') == (_layer.OutFeatures, _layer.InFeatures),
            mask,
            $"it is the mask of a {shape} matrix, and the layer is {_layer.OutFeatures}x{_layer.InFeatures}");
        return index!;
    }

    private bool IsMarkedFull(TensorEntry dense, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.ContainsKey(TensorNames.VersionKey) || !metadata.TryGetValue(dense.Name, out var format))
        {
            return false;
        }

        Require(format == TensorNames.Full, dense, $"the format '{format}' is unknown");
        return true;
    }

    private void RequireFloats(TensorEntry tensor, params long[] shape)
    {
        Require(TensorType.IsFloat(tensor.Type), tensor, $"its type is {tensor.Type}, not F32, F16, BF16 or F64");
        Require(
            tensor.Shape.AsSpan().SequenceEqual(shape),
            tensor,
            $"its shape is {tensor.ShapeText}, not [{string.Join(", ", shape)}]");
    }

    private void RequireAbsent(TensorEntry? tensor, string reason)
    {
        if (tensor is not null)
        {
            throw new InvalidDataException(Problem(tensor, $"the layer {reason}"));
        }
    }

    private void Require(bool condition, TensorEntry tensor, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException(Problem(tensor, problem));
        }
    }

    private string Problem(TensorEntry tensor, string problem) => $"Layer '{_layer.Name}', tensor '{tensor.Name}': {problem}.";
}
