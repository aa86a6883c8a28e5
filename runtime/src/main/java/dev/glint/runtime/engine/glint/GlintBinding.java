package dev.glint.runtime.engine.glint;

import dev.glint.runtime.engine.Binding;
import java.nio.FloatBuffer;

/** The arrays of one thread, and the steps that go over them picture by picture. */
final class GlintBinding implements Binding {
    private final Step[] steps;
    private final Memory memory;
    private final int batch;
    private final FloatBuffer input;
    private final FloatBuffer output;

    GlintBinding(Step[] steps, Memory memory, int batch) {
        this.steps = steps;
        this.memory = memory;
        this.batch = batch;
        this.input = FloatBuffer.wrap(memory.input());
        this.output = FloatBuffer.wrap(memory.output());
    }

    @Override
    public FloatBuffer input() {
        return input.clear();
    }

    @Override
    public void run() {
        for (int picture = 0; picture < batch; picture++) {
            memory.setPicture(picture);
            for (Step step : steps) {
                step.run(memory);
            }
        }
    }

    @Override
    public FloatBuffer output() {
        return output.clear();
    }

    @Override
    public void close() {
        memory.release();
    }
}
