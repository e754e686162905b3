namespace KernelGen.Generator.Emission.Cpu.Strips;

/// <summary>Emits what strips and factors of all instruction sets have in common, and the factors of those that broadcast them.</summary>
internal static class StripInterfaceEmitter
{
    public static GeneratedFile Emit(string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, null);
        writer.Lines($$"""

            /// <summary>
            /// Neighbouring floats in registers, as a type argument of kernels: their loops are written once, and compiled for each instruction set and number of
            /// vectors.
            /// </summary>
            {{GeneratorInfo.Attribute}}
            internal unsafe interface IStrip<TStrip, TFactors>
                where TStrip : struct, IStrip<TStrip, TFactors>
                where TFactors : struct, IFactors<TFactors>
            {
                /// <summary>Floats of a strip.</summary>
                static abstract int Width { get; }

                /// <summary>Samples of the instruction set's panels.</summary>
                static abstract int PanelWidth { get; }

                /// <summary>The floats from from[offset] on; where the offset is a constant, no address is computed.</summary>
                void Load(float* from, int offset);

                /// <summary>One float, as all of the strip's.</summary>
                void Broadcast(float* value);

                /// <summary>Adds another strip, float by float.</summary>
                void Add(in TStrip other);

                /// <summary>Adds another strip times one of the factors, by its number.</summary>
                void MultiplyAdd(TFactors factors, byte factor, in TStrip other);

                /// <summary>Adds the floats from from[offset] on times one of the factors, by its number.</summary>
                void LoadMultiplyAdd(TFactors factors, byte factor, float* from, int offset);

                /// <summary>Activates and stores the first floats: so many, at least 1, or all.</summary>
                void Store<TActivation>(float* to, int count)
                    where TActivation : struct, IActivation;
            }

            /// <summary>1, 2 or 4 neighbouring floats from from[offset] on, each of which multiplies whole strips; no more than those are read.</summary>
            {{GeneratorInfo.Attribute}}
            internal unsafe interface IFactors<TFactors>
                where TFactors : struct, IFactors<TFactors>
            {
                static abstract TFactors Load1(float* from, int offset);

                static abstract TFactors Load2(float* from, int offset);

                static abstract TFactors Load4(float* from, int offset);
            }

            /// <summary>Factors in memory, which each multiplication broadcasts.</summary>
            {{GeneratorInfo.Attribute}}
            internal readonly unsafe struct FactorPlace : IFactors<FactorPlace>
            {
                private readonly float* _from;
                private readonly int _offset;

                private FactorPlace(float* from, int offset)
                {
                    _from = from;
                    _offset = offset;
                }

                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                public float* At(byte factor) => &_from[_offset + factor];

                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                public static FactorPlace Load1(float* from, int offset) => new(from, offset);

                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                public static FactorPlace Load2(float* from, int offset) => new(from, offset);

                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                public static FactorPlace Load4(float* from, int offset) => new(from, offset);
            }
            """);
        return FileFrame.End(writer, kernelNamespace, "Strips");
    }
}
