package dev.glint.runtime.testing;

import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.glint.GlintEngine;
import dev.glint.runtime.engine.glint.PortableKernels;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.onnx.ValueInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * The outputs of the two engines for the same random pictures.
 *
 * @param expected ONNX Runtime's
 * @param actual those of Glint's own engine
 */
public record EngineComparison(float[] expected, float[] actual) {

    /** Runs a model, whatever its metadata, in both engines. */
    public static EngineComparison run(Path model, int batch, long seed) {
        OnnxFile onnx = OnnxFile.read(model, OnnxLimits.defaults());
        Signature signature = signature(onnx);
        return new EngineComparison(
                run(new OnnxRuntimeEngine(), model, onnx, signature, batch, seed),
                run(new GlintEngine(new PortableKernels()), model, onnx, signature, batch, seed));
    }

    /** What a graph says that it takes and gives. */
    public static Signature signature(OnnxFile onnx) {
        ValueInfo input = onnx.graph().inputs().get(0);
        ValueInfo output = onnx.graph().outputs().get(0);
        List<Long> shape = input.shape().orElseThrow();
        int labels = output.shape().orElseThrow().get(1).intValue();
        return new Signature(
                input.name(),
                output.name(),
                ElementType.FLOAT32,
                Layout.NCHW,
                shape.get(1).intValue(),
                shape.get(2).intValue(),
                shape.get(3).intValue(),
                labels,
                shape.get(0) < 0);
    }

    /** The outputs of one engine. */
    public static float[] run(Engine engine, Path model, OnnxFile onnx, Signature signature, int batch, long seed) {
        Random random = new Random(seed);
        try (Session session = engine.open(model, onnx, signature, new EngineOptions(1, true));
                Binding binding = session.bind(batch)) {
            FloatBuffer input = binding.input();
            while (input.hasRemaining()) {
                input.put((float) random.nextGaussian());
            }
            binding.run();
            float[] output = new float[batch * signature.labels()];
            binding.output().get(output);
            return output;
        }
    }

    /** The largest magnitude among ONNX Runtime's. */
    public double largest() {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** The largest difference. */
    public double difference() {
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            double here = Math.abs(expected[i] - actual[i]);
            difference = here <= difference ? difference : here;
        }
        return difference;
    }
}
