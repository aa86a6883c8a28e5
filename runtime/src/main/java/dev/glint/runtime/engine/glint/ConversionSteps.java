package dev.glint.runtime.engine.glint;

/** Steps that change how values are written down: order, bytes or floats, a function of each. */
final class ConversionSteps {
    private ConversionSteps() {}

    /** From channels of rows of pixels to rows of pixels with their channels. */
    private static void toPixels(float[] from, int start, float[] to, FeatureMap map) {
        int pixels = map.pixels();
        int channels = map.channels();
        for (int channel = 0; channel < channels; channel++) {
            int at = channel;
            int end = start + pixels;
            for (int i = start; i < end; i++) {
                to[at] = from[i];
                at += channels;
            }
            start = end;
        }
    }

    /** The picture as floats. */
    record Load(Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            toPixels(memory.input(), memory.picture() * output.size(), output.floats(memory), output.map());
        }
    }

    /** The picture as bytes. */
    record LoadEncoded(Storage output) implements Step {
        @Override
        public int workspaceFloats() {
            return output.size();
        }

        @Override
        public void run(Memory memory) {
            float[] pixels = memory.floatWorkspace();
            toPixels(memory.input(), memory.picture() * output.size(), pixels, output.map());
            Encoding encoding = output.encoding();
            memory.kernels()
                    .quantize(pixels, output.bytes(memory), output.size(), encoding.scale(), encoding.zeroPoint());
        }
    }

    /** Floats become bytes. */
    record Encode(Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            Encoding encoding = output.encoding();
            memory.kernels()
                    .quantize(
                            input.floats(memory),
                            output.bytes(memory),
                            output.size(),
                            encoding.scale(),
                            encoding.zeroPoint());
        }
    }

    /** Bytes become floats. */
    record Decode(Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            Encoding encoding = input.encoding();
            memory.kernels()
                    .dequantize(
                            input.bytes(memory),
                            output.floats(memory),
                            output.size(),
                            encoding.scale(),
                            encoding.zeroPoint());
        }
    }

    /** Bytes become other bytes. */
    record LookUp(byte[] table, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            memory.kernels().lookUp(table, input.bytes(memory), output.bytes(memory), output.size());
        }
    }

    /** Bytes become floats by a table. */
    record LookUpFloats(float[] table, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            byte[] from = input.bytes(memory);
            float[] to = output.floats(memory);
            for (int i = 0; i < output.size(); i++) {
                to[i] = table[from[i] & 0xff];
            }
        }
    }

    /** A function of each float. */
    record Apply(FloatFunction function, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            float[] from = input.floats(memory);
            float[] to = output.floats(memory);
            int count = output.size();
            if (function instanceof FloatFunction.HardSwish hardSwish) {
                // The one that a network spends time in: called by its own type, it is no call.
                for (int i = 0; i < count; i++) {
                    to[i] = hardSwish.apply(from[i]);
                }
            } else if (function instanceof FloatFunction.Clamp clamp) {
                for (int i = 0; i < count; i++) {
                    to[i] = clamp.apply(from[i]);
                }
            } else {
                for (int i = 0; i < count; i++) {
                    to[i] = function.apply(from[i]);
                }
            }
        }
    }

    /** The logits leave, in the order that the graph has. */
    record Store(Storage input) implements Step {
        @Override
        public void run(Memory memory) {
            FeatureMap map = input.map();
            float[] from = input.floats(memory);
            float[] to = memory.output();
            int at = memory.picture() * map.size();
            for (int channel = 0; channel < map.channels(); channel++) {
                for (int pixel = 0; pixel < map.pixels(); pixel++) {
                    to[at] = from[pixel * map.channels() + channel];
                    at++;
                }
            }
        }
    }
}
