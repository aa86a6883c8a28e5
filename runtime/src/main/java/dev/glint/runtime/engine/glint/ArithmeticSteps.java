package dev.glint.runtime.engine.glint;

/** Steps that join several arrays. */
final class ArithmeticSteps {
    private ArithmeticSteps() {}

    /** What is done to two numbers. */
    enum Operator {
        ADD {
            @Override
            float apply(float a, float b) {
                return a + b;
            }
        },
        SUBTRACT {
            @Override
            float apply(float a, float b) {
                return a - b;
            }
        },
        MULTIPLY {
            @Override
            float apply(float a, float b) {
                return a * b;
            }
        },
        DIVIDE {
            @Override
            float apply(float a, float b) {
                return a / b;
            }
        };

        abstract float apply(float a, float b);
    }

    /** A sum of bytes, of the same shape. */
    record AddBytes(QuantizedSum sum, Storage a, Storage b, Storage output) implements Step {

        /** The arithmetic of ONNX Runtime's QLinearAdd. */
        static AddBytes plan(Storage a, Storage b, int min, int max, Storage output) {
            return new AddBytes(
                    QuantizedSum.plan(a.encoding(), b.encoding(), output.encoding(), min, max), a, b, output);
        }

        @Override
        public void run(Memory memory) {
            memory.kernels().add(sum, a.bytes(memory), b.bytes(memory), output.bytes(memory), output.size());
        }
    }

    /** A sum of floats, of the same shape. */
    record AddFloats(FloatFunction.Clamp clamp, Storage a, Storage b, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            memory.kernels()
                    .add(
                            a.floats(memory),
                            b.floats(memory),
                            output.floats(memory),
                            output.size(),
                            clamp.min(),
                            clamp.max());
        }
    }

    /** The elements of the smaller operand go along: one for each channel, or one for each element. */
    private static int period(Storage operand, Storage output) {
        return operand.size() == output.size() ? Integer.MAX_VALUE : operand.size();
    }

    /** Two arrays of floats, of which one may have but one pixel. */
    record Floats(Operator operator, FloatFunction.Clamp clamp, Storage a, Storage b, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            float[] left = a.floats(memory);
            float[] right = b.floats(memory);
            float[] to = output.floats(memory);
            int periodA = period(a, output);
            int periodB = period(b, output);
            int i = 0;
            int j = 0;
            for (int at = 0; at < output.size(); at++) {
                to[at] = clamp.apply(operator.apply(left[i], right[j]));
                i = i + 1 == periodA ? 0 : i + 1;
                j = j + 1 == periodB ? 0 : j + 1;
            }
        }
    }

    /** The product of bytes, of which one may have but one pixel, in the arithmetic of ONNX Runtime's QLinearMul. */
    record MultiplyBytes(QuantizedProduct product, Storage a, Storage b, Storage output) implements Step {

        static MultiplyBytes plan(Storage a, Storage b, Storage output) {
            return new MultiplyBytes(
                    QuantizedProduct.plan(a.encoding(), b.encoding(), output.encoding()), a, b, output);
        }

        @Override
        public void run(Memory memory) {
            product.multiply(
                    a.bytes(memory),
                    period(a, output),
                    b.bytes(memory),
                    period(b, output),
                    output.bytes(memory),
                    output.size());
        }
    }

    /** Bytes with a table for each channel. */
    record LookUpChannels(byte[][] tables, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            byte[] from = input.bytes(memory);
            byte[] to = output.bytes(memory);
            int channel = 0;
            for (int at = 0; at < output.size(); at++) {
                to[at] = tables[channel][from[at] & 0xff];
                channel = channel + 1 == tables.length ? 0 : channel + 1;
            }
        }
    }

    /** Functions of two arrays of bytes, joined in floats and encoded again; one may have but one pixel. */
    record LookUpPair(
            Operator operator,
            FloatFunction.Clamp clamp,
            float[] tableA,
            float[] tableB,
            Storage a,
            Storage b,
            Storage output)
            implements Step {
        @Override
        public void run(Memory memory) {
            byte[] left = a.bytes(memory);
            byte[] right = b.bytes(memory);
            byte[] to = output.bytes(memory);
            Encoding encoding = output.encoding();
            int periodA = period(a, output);
            int periodB = period(b, output);
            int i = 0;
            int j = 0;
            for (int at = 0; at < output.size(); at++) {
                float value = operator.apply(tableA[left[i] & 0xff], tableB[right[j] & 0xff]);
                to[at] = encoding.encode(clamp.apply(value));
                i = i + 1 == periodA ? 0 : i + 1;
                j = j + 1 == periodB ? 0 : j + 1;
            }
        }
    }

    /** The channels of several arrays of bytes side by side, each through a table to the common encoding. */
    record ConcatenateBytes(byte[][] tables, Storage[] inputs, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            byte[] to = output.bytes(memory);
            int channels = output.map().channels();
            int start = 0;
            for (int k = 0; k < inputs.length; k++) {
                byte[] table = tables[k];
                byte[] from = inputs[k].bytes(memory);
                int part = inputs[k].map().channels();
                int i = 0;
                for (int pixel = 0; pixel < output.map().pixels(); pixel++) {
                    int at = pixel * channels + start;
                    for (int channel = 0; channel < part; channel++) {
                        to[at + channel] = table[from[i] & 0xff];
                        i++;
                    }
                }
                start += part;
            }
        }
    }

    /** The channels of several arrays of floats side by side. */
    record ConcatenateFloats(Storage[] inputs, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            float[] to = output.floats(memory);
            int channels = output.map().channels();
            int start = 0;
            for (Storage input : inputs) {
                float[] from = input.floats(memory);
                int part = input.map().channels();
                for (int pixel = 0; pixel < output.map().pixels(); pixel++) {
                    System.arraycopy(from, pixel * part, to, pixel * channels + start, part);
                }
                start += part;
            }
        }
    }

    /** {@code exp(x) / sum of exp(x)} over all elements. */
    record Softmax(Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            float[] from = input.floats(memory);
            float[] to = output.floats(memory);
            int count = output.size();
            float max = from[0];
            for (int i = 1; i < count; i++) {
                max = Math.max(max, from[i]);
            }
            float sum = 0;
            for (int i = 0; i < count; i++) {
                to[i] = (float) Math.exp(from[i] - max);
                sum += to[i];
            }
            for (int i = 0; i < count; i++) {
                to[i] /= sum;
            }
        }
    }
}
