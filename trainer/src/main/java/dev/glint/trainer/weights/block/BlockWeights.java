package dev.glint.trainer.weights.block;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.weights.block.Initialization.Distribution;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** The weights of a block. The first ones come from Java's randomness, so that no engine decides them. */
public final class BlockWeights {

    /** Where weights come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * The values of one parameter, row by row.
         *
         * @param name as {@link StateDict} has it
         * @param type what the parameter is for
         * @param shape as PyTorch has it
         */
        float[] values(String name, Parameter.Type type, Shape shape);
    }

    private BlockWeights() {}

    /**
     * Gives a block its arrays, with every value 0, for weights that are about to be loaded.
     *
     * @param input (N, C, H, W); N does not matter
     * @throws GlintException ({@code LIMIT}) if the device has too little memory, or an array more bytes than a buffer
     */
    public static void allocate(Block block, NDManager manager, Shape input) {
        StateDict.parameters(block).values().forEach(parameter -> parameter.setInitializer(Initializer.ZEROS));
        try {
            block.initialize(manager, DataType.FLOAT32, input);
        } catch (EngineException e) {
            throw TorchEngine.explained(e, manager.getDevice());
        }
        StateDict.parameters(block).forEach((name, parameter) -> requireBuffer(name, parameter.getShape()));
    }

    /** Values are read and written through a buffer. */
    static void requireBuffer(String name, Shape shape) {
        if (shape.size() > Integer.MAX_VALUE / Float.BYTES) {
            throw GlintException.failure(
                    Reason.LIMIT,
                    "a network whose " + name + " has %,d numbers".formatted(shape.size()),
                    "at most %,d".formatted(Integer.MAX_VALUE / Float.BYTES),
                    "choose smaller pictures (--size) or another architecture");
        }
    }

    /**
     * Gives a block weights from a source, which is asked layer by layer.
     *
     * @param block not initialized yet
     * @param manager owns the weights
     * @param input (N, C, H, W); N does not matter
     */
    public static void initialize(Block block, NDManager manager, Shape input, Source source) {
        allocate(block, manager, input);
        StateDict.parameters(block).forEach((name, parameter) -> {
            float[] values = source.values(name, parameter.getType(), parameter.getShape());
            set(parameter.getArray(), values);
        });
    }

    /** First weights as {@link Initialization#HE_UNIFORM} has them, batch norm the identity. */
    public static Source drawn(Random random) {
        return (name, type, shape) -> {
            float[] values = new float[Math.toIntExact(shape.size())];
            if (type == Parameter.Type.GAMMA || type == Parameter.Type.RUNNING_VAR) {
                Arrays.fill(values, 1f);
            } else if (type == Parameter.Type.WEIGHT) {
                Distribution distribution = Initialization.HE_UNIFORM.distribution(name, type, shape);
                for (int i = 0; i < values.length; i++) {
                    values[i] = distribution.draw(random);
                }
            }
            return values;
        };
    }

    /**
     * Gives a block its first weights; batch norm and layer norm begin as the identity.
     *
     * @param input (N, C, H, W); N does not matter
     * @param initialization what weights and biases are drawn from
     */
    public static void initialize(
            Block block, NDManager manager, Shape input, Initialization initialization, Random random) {
        allocate(block, manager, input);
        Map<String, Parameter> parameters = StateDict.parameters(block);
        parameters.forEach((name, parameter) -> {
            switch (parameter.getType()) {
                case GAMMA:
                case RUNNING_VAR:
                    fill(parameter.getArray(), anything -> 1, random);
                    break;
                case BETA:
                case RUNNING_MEAN:
                    break;
                default:
                    Shape weight = layerWeight(name, parameters).getShape();
                    fill(parameter.getArray(), initialization.distribution(name, parameter.getType(), weight), random);
            }
        });
    }

    private static Parameter layerWeight(String name, Map<String, Parameter> parameters) {
        String sibling = name.substring(0, name.lastIndexOf('.') + 1) + "weight";
        return Objects.requireNonNullElseGet(
                parameters.get(sibling), () -> Objects.requireNonNull(parameters.get(name)));
    }

    private static void fill(NDArray array, Distribution distribution, Random random) {
        if (distribution == Distribution.ZERO) {
            return;
        }
        float[] chunk = new float[(int) Math.min(array.size(), 1 << 16)];
        boolean inMemory = inMemory(array);
        FloatBuffer values =
                inMemory ? memory(array).asFloatBuffer() : FloatBuffer.allocate(Math.toIntExact(array.size()));
        while (values.hasRemaining()) {
            int count = Math.min(chunk.length, values.remaining());
            for (int i = 0; i < count; i++) {
                chunk[i] = distribution.draw(random);
            }
            values.put(chunk, 0, count);
        }
        if (!inMemory) {
            copy(array, values.flip());
        }
    }

    /**
     * Writes values into an array, on any device; on the CPU into its own memory. {@code NDArray.set} makes the array a
     * view of a buffer that it is given or makes instead: that copies once more, and a mapped file under a fitted weight
     * would end the process.
     *
     * @param values 32-bit floats, little endian, as many bytes as the array has
     */
    public static void set(NDArray array, ByteBuffer values) {
        if (!inMemory(array)) {
            copy(array, values.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
            return;
        }
        ByteBuffer target = memory(array);
        if (target.remaining() != values.remaining()) {
            throw new IllegalArgumentException(values.remaining() + " bytes for " + array.getShape());
        }
        if (target.order() == ByteOrder.LITTLE_ENDIAN) {
            target.put(values.duplicate());
        } else {
            target.asFloatBuffer()
                    .put(values.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
        }
    }

    /** Writes values into an array, as {@link #set(NDArray, ByteBuffer)}. */
    public static void set(NDArray array, float[] values) {
        if (array.size() != values.length) {
            throw new IllegalArgumentException(values.length + " values for " + array.getShape());
        }
        if (inMemory(array)) {
            memory(array).asFloatBuffer().put(values);
        } else {
            copy(array, FloatBuffer.wrap(values));
        }
    }

    /**
     * The values of an array of 32-bit floats, row by row. {@code NDArray.toFloatArray} leaves a copy behind for each
     * reading from a GPU, which lives as long as the array's manager.
     */
    public static float[] values(NDArray array) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return array.toFloatArray();
        }
    }

    /** Writes values into an array whose memory Java cannot reach. */
    static void copy(NDArray array, FloatBuffer values) {
        if (array.size() != values.remaining()) {
            throw new IllegalArgumentException(values.remaining() + " values for " + array.getShape());
        }
        try (NDArray source = array.getManager().create(values, array.getShape(), DataType.FLOAT32)) {
            array.set(new NDIndex(":"), source);
        }
    }

    private static boolean inMemory(NDArray array) {
        return !array.getDevice().isGpu();
    }

    /**
     * The values of an array of 32-bit floats, little endian: its own memory where that lies on the CPU in this order, to
     * be read while the array lives and does not change; else a copy.
     */
    public static ByteBuffer bytes(NDArray array) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN && inMemory(array)) {
            return array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
        }
        float[] values = values(array);
        ByteBuffer copy = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        copy.asFloatBuffer().put(values);
        return copy;
    }

    private static ByteBuffer memory(NDArray array) {
        ByteBuffer memory = array.toByteBuffer(true);
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("weights on " + array.getDevice());
        }
        return memory;
    }
}
