namespace KernelGen.Serialization;

/// <summary>A file's tensors by the names that the model uses; each is taken once.</summary>
internal sealed class NamedTensors
{
    private const int MostNamesShown = 8;

    private readonly Dictionary<string, TensorEntry> _left = new(StringComparer.Ordinal);
    private readonly string[] _mappedInVain;

    /// <summary>
    /// Maps names; a tensor whose name is mapped to "" is left out. A name that the file lacks does nothing: one map may serve several files. Whatever a misspelt one
    /// leaves unmapped is an error anyway, which names it.
    /// </summary>
    /// <exception cref="InvalidDataException">Two tensors get one name.</exception>
    public NamedTensors(SafetensorsHeader header, IReadOnlyDictionary<string, string>? names)
    {
        _mappedInVain = [.. (names?.Keys ?? []).Except(header.Tensors.Select(tensor => tensor.Name)).Order(StringComparer.Ordinal)];
        foreach (var tensor in header.Tensors)
        {
            var name = names is not null && names.TryGetValue(tensor.Name, out var mapped) ? mapped : tensor.Name;
            if (name.Length > 0 && !_left.TryAdd(name, tensor))
            {
                throw new InvalidDataException(
                    $"The tensors '{_left[name].Name}' and '{tensor.Name}' of the file are both mapped to '{name}'.");
            }
        }
    }

    /// <summary>Takes a tensor, or returns null where the file has none of that name.</summary>
    public TensorEntry? Take(string name) => _left.Remove(name, out var tensor) ? tensor : null;

    /// <summary>The error that says that a tensor is missing.</summary>
    public InvalidDataException Missing(LayerDescriptor layer, string name)
    {
        var unused = _left.Count == 0 ? "" : $" The file also holds {Unused()}: names can be mapped on loading.";
        return new InvalidDataException($"Layer '{layer.Name}' lacks the tensor '{name}'.{unused}{MappedInVain()}");
    }

    /// <summary>Checks that all tensors were taken.</summary>
    public void RequireNoneLeft(ModelDescriptor model)
    {
        if (_left.Count > 0)
        {
            throw new InvalidDataException(
                $"The file holds {Unused()}, which no layer of model '{model.Name}' takes. Map a name to \"\" to pass over its tensor.{MappedInVain()}");
        }
    }

    private string Unused()
        => Listed([.. _left.Select(tensor => tensor.Key == tensor.Value.Name ? $"'{tensor.Key}'" : $"'{tensor.Value.Name}' (mapped to '{tensor.Key}')")]);

    private string MappedInVain()
        => _mappedInVain.Length == 0 ? "" : $" Of the names to map, the file lacks {Listed(Array.ConvertAll(_mappedInVain, name => $"'{name}'"))}.";

    private static string Listed(string[] names)
        => string.Join(", ", names.Take(MostNamesShown)) + (names.Length > MostNamesShown ? $" and {names.Length - MostNamesShown} more" : "");
}
