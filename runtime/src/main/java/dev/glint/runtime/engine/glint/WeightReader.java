package dev.glint.runtime.engine.glint;

import dev.glint.runtime.onnx.ElementKind;

/** Reads weights into arrays that it uses again: memory that is touched for the first time is what packing takes longest for. */
final class WeightReader {
    private final int mostBytes;
    private final int mostFloats;
    private byte[] bytes = new byte[0];
    private byte[] otherBytes = new byte[0];
    private float[] floats = new float[0];
    private float[] otherFloats = new float[0];

    /** Makes arrays of these sizes, when it needs them; larger ones where that is not enough. */
    WeightReader(int mostBytes, int mostFloats) {
        this.mostBytes = mostBytes;
        this.mostFloats = mostFloats;
    }

    /** Signed bytes, (O, depth) in the order of the file; valid until the next are read. */
    byte[] bytes(Weights weights) {
        int count = weights.constant().elements();
        bytes = bytes.length < count ? new byte[Math.max(count, mostBytes)] : bytes;
        weights.constant().tensor().copyBytes(bytes);
        if (!weights.transposed()) {
            return bytes;
        }
        otherBytes = otherBytes.length < count ? new byte[count] : otherBytes;
        for (int o = 0; o < weights.outputs(); o++) {
            for (int i = 0; i < weights.depth(); i++) {
                otherBytes[o * weights.depth() + i] = bytes[i * weights.outputs() + o];
            }
        }
        return otherBytes;
    }

    /** Numbers, decoded where they are encoded, (O, depth) in the order of the file; valid until the next are read. */
    float[] floats(Weights weights) {
        int count = weights.constant().elements();
        floats = floats.length < count ? new float[Math.max(count, mostFloats)] : floats;
        boolean asBytes = weights.constant().tensor().kind() != ElementKind.FLOAT;
        bytes = asBytes && bytes.length < count ? new byte[Math.max(count, mostBytes)] : bytes;
        weights.constant().copyFloats(floats, bytes);
        float[] ordered = floats;
        if (weights.transposed()) {
            otherFloats = otherFloats.length < count ? new float[count] : otherFloats;
            ordered = otherFloats;
            for (int o = 0; o < weights.outputs(); o++) {
                for (int i = 0; i < weights.depth(); i++) {
                    ordered[o * weights.depth() + i] = floats[i * weights.outputs() + o];
                }
            }
        }
        float[] factors = weights.factors();
        if (factors != null) {
            for (int i = 0; i < count; i++) {
                ordered[i] *= factors[i / weights.depth()];
            }
        }
        return ordered;
    }
}
