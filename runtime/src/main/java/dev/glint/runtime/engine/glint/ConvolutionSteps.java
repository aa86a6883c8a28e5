package dev.glint.runtime.engine.glint;

/** Steps with weights. */
final class ConvolutionSteps {
    private ConvolutionSteps() {}

    /** A convolution of floats. */
    record Floats(FloatConvolution convolution, Storage input, Storage output) implements Step {

        /** A convolution, clamped to what an activation behind it leaves. */
        static Operation plan(
                ConvolutionShape shape,
                Weights weights,
                float[] bias,
                FloatFunction.Clamp clamp,
                Storage input,
                Storage output) {
            return (kernels, reader) -> new Floats(
                    kernels.convolution(shape, reader.floats(weights), bias, clamp.min(), clamp.max()), input, output);
        }

        @Override
        public int workspaceFloats() {
            return convolution.workspaceFloats();
        }

        @Override
        public void run(Memory memory) {
            convolution.run(input.floats(memory), output.floats(memory), memory.floatWorkspace());
        }

        @Override
        public void close() {
            convolution.close();
        }
    }

    /** A convolution of bytes. */
    record Bytes(QuantizedConvolution convolution, Storage input, Storage output) implements Step {

        static Operation plan(
                ConvolutionShape shape,
                Weights weights,
                int[] bias,
                Requantization requantization,
                Storage input,
                Storage output) {
            int zeroPoint = input.encoding().zeroPoint();
            return (kernels, reader) -> new Bytes(
                    kernels.quantizedConvolution(shape, reader.bytes(weights), bias, zeroPoint, requantization),
                    input,
                    output);
        }

        @Override
        public int workspaceBytes() {
            return convolution.workspaceBytes();
        }

        @Override
        public void run(Memory memory) {
            convolution.run(input.bytes(memory), output.bytes(memory), memory.byteWorkspace());
        }

        @Override
        public void close() {
            convolution.close();
        }
    }

    /**
     * A dense layer of bytes that gives floats: a network's last one, mostly. {@code sum * scale[o]}, clamped.
     *
     * @param weights (O, H, W, C)
     * @param bias with the zero point of the input, which is in each product, taken out
     */
    record Logits(byte[] weights, int[] bias, float[] scales, FloatFunction.Clamp clamp, Storage input, Storage output)
            implements Step {

        static Operation plan(
                Weights weights, int[] bias, float[] scales, FloatFunction.Clamp clamp, Storage input, Storage output) {
            return (kernels, reader) -> {
                FeatureMap map = input.map();
                byte[] read = reader.bytes(weights);
                byte[] ordered = new byte[weights.outputs() * weights.depth()];
                int[] shifted = bias.clone();
                for (int o = 0; o < weights.outputs(); o++) {
                    int sum = 0;
                    for (int channel = 0; channel < map.channels(); channel++) {
                        for (int pixel = 0; pixel < map.pixels(); pixel++) {
                            byte weight = read[o * weights.depth() + channel * map.pixels() + pixel];
                            ordered[o * weights.depth() + pixel * map.channels() + channel] = weight;
                            sum += weight;
                        }
                    }
                    shifted[o] -= sum * input.encoding().zeroPoint();
                }
                return new Logits(ordered, shifted, scales, clamp, input, output);
            };
        }

        @Override
        public void run(Memory memory) {
            byte[] from = input.bytes(memory);
            float[] to = output.floats(memory);
            int depth = input.size();
            for (int o = 0; o < output.size(); o++) {
                int sum = bias[o];
                for (int i = 0; i < depth; i++) {
                    sum += (from[i] & 0xff) * weights[o * depth + i];
                }
                to[o] = clamp.apply(sum * scales[o]);
            }
        }
    }
}
