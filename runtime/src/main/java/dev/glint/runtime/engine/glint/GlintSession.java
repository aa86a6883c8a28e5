package dev.glint.runtime.engine.glint;

import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.failure.GlintException;
import java.util.List;

/** A plan with its weights packed. */
final class GlintSession implements Session {
    private final Step[] steps;
    private final MemoryLayout layout;
    private final Signature signature;
    private final Kernels kernels;
    private final int workspaceBytes;
    private final int workspaceFloats;

    private GlintSession(Step[] steps, MemoryLayout layout, Signature signature, Kernels kernels) {
        this.steps = steps;
        this.layout = layout;
        this.signature = signature;
        this.kernels = kernels;
        int bytes = 0;
        int floats = 0;
        for (Step step : steps) {
            bytes = Math.max(bytes, step.workspaceBytes());
            floats = Math.max(floats, step.workspaceFloats());
        }
        this.workspaceBytes = bytes;
        this.workspaceFloats = floats;
    }

    /**
     * Reads and packs the weights.
     *
     * @throws UnsupportedGraph if the file does not hold them as it says
     */
    static GlintSession prepare(Plan plan, Signature signature, Kernels kernels) {
        List<Operation> operations = plan.operations();
        Step[] steps = new Step[operations.size()];
        WeightReader weights = new WeightReader(plan.mostByteWeights(), plan.mostFloatWeights());
        int ready = 0;
        try {
            for (; ready < steps.length; ready++) {
                steps[ready] = operations.get(ready).prepare(kernels, weights);
            }
        } catch (GlintException e) {
            throw new UnsupportedGraph(String.valueOf(e.getMessage()));
        } finally {
            for (int i = 0; ready < steps.length && i < ready; i++) {
                steps[i].close();
            }
        }
        return new GlintSession(steps, plan.layout(), signature, kernels);
    }

    @Override
    public Binding bind(int batch) {
        float[] input = new float[Math.multiplyExact(batch, signature.inputSize())];
        float[] output = new float[Math.multiplyExact(batch, signature.labels())];
        Memory memory = new Memory(kernels, layout, workspaceBytes, workspaceFloats, input, output);
        return new GlintBinding(steps, memory, batch);
    }

    @Override
    public void close() {
        for (Step step : steps) {
            step.close();
        }
    }
}
