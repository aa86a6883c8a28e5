package dev.glint.runtime.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one attribute. Files name the kind of the value, but old ones do not, and writers leave out values that are zero or empty.
 */
final class AttributeReader {
    /** Numbers in a list that is kept: more than any operator of a network takes. */
    private static final int MAX_LIST = 1024;

    private static final float[] NO_REALS = {};
    private static final long[] NO_WHOLES = {};
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int FLOATS = 6;
    private static final int INTS = 7;

    private final Function<WireReader, Initializer> tensors;
    private final Consumer<WireReader> graphs;

    private String name = "";
    private int kind;
    private boolean kept = true;
    private float real;
    private long whole;
    private String text = "";
    private float[] reals = NO_REALS;
    private long[] wholes = NO_WHOLES;
    private int realCount;
    private int wholeCount;
    private @Nullable Initializer tensor;

    /** The tensors and graphs in it are read by those who count them. */
    AttributeReader(Function<WireReader, Initializer> tensors, Consumer<WireReader> graphs) {
        this.tensors = tensors;
        this.graphs = graphs;
    }

    /** How many numbers of a list are kept. */
    int count() {
        return kept ? realCount + wholeCount : 0;
    }

    OnnxAttribute read(WireReader reader) {
        while (reader.next()) {
            field(reader);
        }
        if (!kept) {
            return new OnnxAttribute.Other(name);
        }
        if (tensor != null) {
            return new OnnxAttribute.Constant(name, tensor);
        }
        return switch (kind) {
            case FLOAT -> new OnnxAttribute.Real(name, real);
            case INT -> new OnnxAttribute.Whole(name, whole);
            case STRING -> new OnnxAttribute.Text(name, text);
            case FLOATS -> new OnnxAttribute.Reals(name, Arrays.copyOf(reals, realCount));
            case INTS -> new OnnxAttribute.Wholes(name, Arrays.copyOf(wholes, wholeCount));
            default -> new OnnxAttribute.Other(name);
        };
    }

    private void field(WireReader reader) {
        switch (reader.field()) {
            case 1 -> name = reader.name();
            case 2 -> {
                real = reader.real();
                found(FLOAT);
            }
            case 3 -> {
                whole = reader.varint();
                found(INT);
            }
            case 4 -> text(reader);
            case 5 -> tensor = tensors.apply(reader.message());
            case 6, 11 -> {
                graphs.accept(reader.message());
                kept = false;
            }
            case 7 -> {
                reader.reals(this::append);
                found(FLOATS);
            }
            case 8 -> {
                reader.integers(this::append);
                found(INTS);
            }
            case 10 -> {
                Initializer unused = tensors.apply(reader.message());
                kept = false;
            }
            case 22, 23 -> throw Refusal.unacceptable("a sparse tensor in an attribute", "dense tensors");
            case 20 -> found((int) Math.min(reader.varint(), Integer.MAX_VALUE));
            default -> reader.skip();
        }
    }

    private void found(int found) {
        kind = found;
    }

    /** The bytes as they are, for what is no plain text is no name of anything either. */
    private void text(WireReader reader) {
        ByteBuffer bytes = reader.slice();
        found(STRING);
        if (bytes.remaining() > MAX_LIST) {
            kept = false;
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        text = new String(copy, StandardCharsets.ISO_8859_1);
    }

    private void append(float value) {
        if (fits(realCount)) {
            reals = realCount == reals.length ? Arrays.copyOf(reals, 2 * realCount + 4) : reals;
            reals[realCount] = value;
            realCount++;
        }
    }

    private void append(long value) {
        if (fits(wholeCount)) {
            wholes = wholeCount == wholes.length ? Arrays.copyOf(wholes, 2 * wholeCount + 4) : wholes;
            wholes[wholeCount] = value;
            wholeCount++;
        }
    }

    private boolean fits(int count) {
        kept &= count < MAX_LIST;
        return kept;
    }
}
