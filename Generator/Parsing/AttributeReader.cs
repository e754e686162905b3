using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads an attribute's values, and finds the tokens that they come from.</summary>
internal sealed class AttributeReader(AttributeData data, CancellationToken cancellation)
{
    /// <summary>The attributes of ours on a symbol, in the order they stand.</summary>
    public static IReadOnlyList<AttributeReader> AllOf(ISymbol symbol, CancellationToken cancellation)
        => symbol.GetAttributes()
            .Where(attribute => AttributeNames.IsOurs(AttributeNames.Of(attribute)))
            .Select(attribute => new AttributeReader(attribute, cancellation))
            .ToList();

    /// <summary>The class's name, such as "LinearAttribute".</summary>
    public string ClassName => data.AttributeClass!.Name;

    /// <summary>The name as it is spoken of in messages, such as "Linear".</summary>
    public string ShortName => ClassName.Substring(0, ClassName.Length - "Attribute".Length);

    /// <summary>Whether the attribute itself doesn't compile; the compiler says why.</summary>
    public bool IsBroken
        => data.AttributeConstructor is not { } constructor
            || constructor.Parameters.Length != data.ConstructorArguments.Length
            || data.ConstructorArguments.Any(argument => argument.Kind == TypedConstantKind.Error)
            || data.NamedArguments.Any(argument => argument.Value.Kind == TypedConstantKind.Error);

    /// <summary>Where the attribute's name stands.</summary>
    public Location Location => Syntax is { } syntax ? syntax.Name.GetLocation() : Location.None;

    /// <summary>Where the name of the type stands that bears the attribute.</summary>
    public Location Declaration
        => Syntax?.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.GetLocation() ?? Location.None;

    private AttributeSyntax? Syntax => data.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;

    /// <summary>The constructor's argument at a position.</summary>
    public T Positional<T>(int index) => data.ConstructorArguments[index].Value is T value ? value : default!;

    /// <summary>The value of a property that the attribute sets, or a default.</summary>
    public T Named<T>(string name, T otherwise)
        => data.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value is T value ? value : otherwise;

    /// <summary>
    /// The value of a number that the attribute sets, or a default; 0 for -0: the two are equal, but would give kernels that
    /// count as the same two names.
    /// </summary>
    public float Number(string name, float otherwise)
    {
        var value = Named(name, otherwise);
        return value == 0 ? 0 : value;
    }

    /// <inheritdoc cref="Number(string, float)"/>
    public double Number(string name, double otherwise)
    {
        var value = Named(name, otherwise);
        return value == 0 ? 0 : value;
    }

    /// <summary>The numbers of an array that the attribute sets; none where it sets none, or null.</summary>
    public IReadOnlyList<double> Numbers(string name)
    {
        var array = data.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value;
        return array is { Kind: TypedConstantKind.Array, IsNull: false }
            ? [.. array.Values.Select(value => value.Value is double number and not 0 ? number : 0)]
            : [];
    }

    /// <summary>Whether the attribute sets a property.</summary>
    public bool Sets(string name) => data.NamedArguments.Any(argument => argument.Key == name);

    /// <summary>Where the value of a property stands.</summary>
    public Location LocationOf(string name)
        => Syntax?.ArgumentList?.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name)?.Expression.GetLocation()
            ?? Location;

    /// <summary>Where the constructor's argument at a position stands.</summary>
    public Location LocationOf(int index)
    {
        var parameter = data.AttributeConstructor?.Parameters.ElementAtOrDefault(index)?.Name;
        var arguments = Syntax?.ArgumentList?.Arguments.Where(argument => argument.NameEquals is null).ToList();
        var named = arguments?.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == parameter);
        var found = named ?? arguments?.ElementAtOrDefault(index);
        return found?.Expression.GetLocation() ?? Location;
    }
}
