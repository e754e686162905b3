namespace KernelGen.Generator.Emission.Cpu;

/// <summary>Emits the transposes between row-major batches and panels, which go from square to square.</summary>
internal static class PanelTransformEmitter
{
    public static GeneratedFile Emit(string kernelNamespace)
    {
        var writer = new SourceWriter();
        FileFrame.Begin(writer, kernelNamespace);
        FileFrame.Usings(writer, null, "KernelGen", "KernelGen.Dispatch");
        writer.Line();
        writer.Line("/// <summary>The transposes between row-major batches and panels, for every instruction set.</summary>");
        writer.Line(GeneratorInfo.Attribute);
        writer.Open("internal static unsafe class PanelTransforms");
        writer.Line("public static PanelTransform[] All { get; } =");
        writer.Line("[").Indent();
        foreach (var dialect in Dialect.All)
        {
            var square = SquareEmitter.TypeName(dialect);
            writer.Line($"new PanelTransform(InstructionSet.{dialect.Name}, &Pack<{square}>, &Unpack<{square}>),");
        }

        writer.Outdent().Line("];");
        writer.Line();
        writer.Lines($$"""
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private static void Pack<TSquare>(float* source, nint stride, int features, int columns, float* panel)
                where TSquare : struct, ISquare
            {
                for (int column = 0; column < columns; column += TSquare.Lanes)
                {
                    for (int feature = 0; feature < features; feature += TSquare.Lanes)
                    {
                        float* from = &source[(column * stride) + feature];
                        float* to = &panel[((nint)feature * TSquare.PanelWidth) + column];
                        if (columns - column >= TSquare.Lanes && features - feature >= TSquare.Lanes)
                        {
                            TSquare.Transpose(from, stride, to, TSquare.PanelWidth);
                        }
                        else
                        {
                            PackEdge<TSquare>(from, stride, features - feature, columns - column, to);
                        }
                    }
                }
            }

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private static void Unpack<TSquare>(float* panel, int features, int columns, float* destination, nint stride)
                where TSquare : struct, ISquare
            {
                for (int column = 0; column < columns; column += TSquare.Lanes)
                {
                    for (int feature = 0; feature < features; feature += TSquare.Lanes)
                    {
                        float* from = &panel[((nint)feature * TSquare.PanelWidth) + column];
                        float* to = &destination[(column * stride) + feature];
                        if (columns - column >= TSquare.Lanes && features - feature >= TSquare.Lanes)
                        {
                            TSquare.Transpose(from, TSquare.PanelWidth, to, stride);
                        }
                        else
                        {
                            UnpackEdge<TSquare>(from, features - feature, columns - column, to, stride);
                        }
                    }
                }
            }

            /// <summary>A square cut by the batch's edge goes through a whole one on the stack.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private static void PackEdge<TSquare>(float* source, nint stride, int features, int columns, float* panel)
                where TSquare : struct, ISquare
            {
                float* square = stackalloc float[TSquare.Lanes * TSquare.Lanes];
                for (int i = 0; i < columns && i < TSquare.Lanes; i++)
                {
                    TSquare.LoadRow(&source[i * stride], features, &square[i * TSquare.Lanes]);
                }

                TSquare.Transpose(square, TSquare.Lanes, panel, TSquare.PanelWidth);
            }

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private static void UnpackEdge<TSquare>(float* panel, int features, int columns, float* destination, nint stride)
                where TSquare : struct, ISquare
            {
                float* square = stackalloc float[TSquare.Lanes * TSquare.Lanes];
                TSquare.Transpose(panel, TSquare.PanelWidth, square, TSquare.Lanes);
                for (int i = 0; i < columns && i < TSquare.Lanes; i++)
                {
                    TSquare.StoreRow(&square[i * TSquare.Lanes], &destination[i * stride], features);
                }
            }
            """);
        writer.Close();
        writer.Line();
        writer.Lines($$"""
            /// <summary>A square of floats in an instruction set's registers, as a type argument of the transposes.</summary>
            {{GeneratorInfo.Attribute}}
            internal unsafe interface ISquare
            {
                /// <summary>Its rows and columns.</summary>
                static abstract int Lanes { get; }

                /// <summary>Samples of the instruction set's panels.</summary>
                static abstract int PanelWidth { get; }

                static abstract void Transpose(float* from, nint fromStride, float* to, nint toStride);

                /// <summary>The first floats to a row of a square, zeros beyond: so many, at least 1, or all.</summary>
                static abstract void LoadRow(float* from, int count, float* row);

                /// <summary>The first floats of a row of a square: so many, at least 1, or all.</summary>
                static abstract void StoreRow(float* row, float* to, int count);
            }
            """);
        return FileFrame.End(writer, kernelNamespace, "PanelTransforms");
    }
}
