using System;

namespace KernelGen;

/// <summary>Declares a fully connected layer: y = activation(W x + b), W of shape [outFeatures, inFeatures].</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class LinearAttribute : Attribute
{
    /// <summary>Declares a layer of the given shape.</summary>
    /// <param name="inFeatures">Inputs of the layer, at least 1.</param>
    /// <param name="outFeatures">Outputs of the layer, at least 1.</param>
    public LinearAttribute(int inFeatures, int outFeatures)
    {
        InFeatures = inFeatures;
        OutFeatures = outFeatures;
    }

    /// <summary>Inputs of the layer.</summary>
    public int InFeatures { get; }

    /// <summary>Outputs of the layer.</summary>
    public int OutFeatures { get; }

    /// <summary>The activation that follows; <see cref="Activation.None"/> unless set.</summary>
    public Activation Activation { get; set; } = Activation.None;

    /// <summary>The slope of <see cref="Activation.LeakyRelu"/> below zero; 0.01 unless set.</summary>
    public float NegativeSlope { get; set; } = 0.01f;

    /// <summary>Whether the layer adds a bias; true unless set.</summary>
    public bool Bias { get; set; } = true;
}
