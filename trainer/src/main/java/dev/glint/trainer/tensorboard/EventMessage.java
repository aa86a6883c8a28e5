package dev.glint.trainer.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The messages of an event file in protobuf's wire format, as far as they are needed here: {@code Event}, {@code Summary}
 * and, for text, {@code SummaryMetadata} and {@code TensorProto}.
 *
 * @see <a href="https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto">event.proto, summary.proto,
 *     tensor.proto</a>
 */
final class EventMessage {
    /** The first message of each file. */
    private static final String VERSION = "brain.Event:2";
    /** The plugin that shows text, and DT_STRING of types.proto. */
    private static final String TEXT = "text";

    private static final int STRING = 7;
    /** START of event.proto's SessionLog. */
    private static final int START = 1;

    /** Writes the fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private EventMessage() {}

    /** The event that begins a file. */
    static byte[] version(double wallTime) {
        return message(out -> {
            out.writeDouble(1, wallTime);
            out.writeString(3, VERSION);
        });
    }

    /** The event that makes TensorBoard forget what earlier files say of a step and those behind it. */
    static byte[] start(double wallTime, long step) {
        byte[] session = message(out -> out.writeEnum(1, START));
        return event(wallTime, step, out -> out.writeByteArray(7, session));
    }

    /**
     * An event with values.
     *
     * @param wallTime seconds since 1970
     */
    static byte[] summary(double wallTime, long step, List<Summary> values) {
        byte[] summary = message(out -> {
            for (Summary value : values) {
                out.writeByteArray(1, value(value));
            }
        });
        return event(wallTime, step, out -> out.writeByteArray(5, summary));
    }

    private static byte[] event(double wallTime, long step, Fields content) {
        return message(out -> {
            out.writeDouble(1, wallTime);
            if (step != 0) {
                out.writeInt64(2, step);
            }
            content.writeTo(out);
        });
    }

    private static byte[] value(Summary value) {
        return message(out -> {
            out.writeString(1, value.tag());
            if (value instanceof Summary.Scalar scalar) {
                out.writeFloat(2, (float) scalar.value());
            } else if (value instanceof Summary.Text text) {
                out.writeByteArray(8, tensor(text.markdown()));
                out.writeByteArray(9, metadata());
            }
        });
    }

    /** A string as a tensor without dimensions. */
    private static byte[] tensor(String text) {
        return message(out -> {
            out.writeEnum(1, STRING);
            out.writeByteArray(2, new byte[0]);
            out.writeString(8, text);
        });
    }

    private static byte[] metadata() {
        byte[] plugin = message(out -> out.writeString(1, TEXT));
        return message(out -> out.writeByteArray(1, plugin));
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
