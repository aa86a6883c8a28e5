package dev.glint.trainer.data;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.pickle.PickleReader;
import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleValue.Array;
import dev.glint.trainer.pickle.PickleValue.Dict;
import dev.glint.trainer.pickle.PickleValue.Scalar;
import java.nio.ByteBuffer;
import java.util.List;

/** The files of the Python version of CIFAR-10: dicts with labels and a NumPy array of samples, or with class names. */
final class Cifar10Pickle {
    private static final int PROTOCOL = 0x80;

    private Cifar10Pickle() {}

    /** Whether a file is a pickle: the binary version begins with a label, or with text. */
    static boolean isPickle(byte[] content) {
        return content.length > 0 && (content[0] & 0xff) == PROTOCOL;
    }

    /** The names of the classes in {@code batches.meta}. */
    static List<String> classNames(byte[] content) {
        return list(dict(content), "label_names").items.stream()
                .map(item -> scalar(item, String.class, "class names"))
                .toList();
    }

    /** The records of a batch, as the binary version has them: a label, then the samples of a picture. */
    static byte[] records(byte[] content, int sampleCount) {
        Dict dict = dict(content);
        List<PickleValue> labels = list(dict, "labels").items;
        if (!(dict.items.get("data") instanceof NumpyArray data)) {
            throw invalid("no array 'data'");
        }
        byte[] samples = data.bytes(labels.size(), sampleCount);
        byte[] records = new byte[Math.toIntExact((long) labels.size() * (1 + sampleCount))];
        for (int i = 0; i < labels.size(); i++) {
            long label = scalar(labels.get(i), Long.class, "labels");
            records[i * (1 + sampleCount)] = (byte) Math.max(-1, Math.min(127, label));
            System.arraycopy(samples, i * sampleCount, records, i * (1 + sampleCount) + 1, sampleCount);
        }
        return records;
    }

    private static Dict dict(byte[] content) {
        if (PickleReader.read(ByteBuffer.wrap(content), new NumpyVocabulary()) instanceof Dict dict) {
            return dict;
        }
        throw invalid("a pickle of something else than a dict");
    }

    private static Array list(Dict dict, String key) {
        if (dict.items.get(key) instanceof Array list) {
            return list;
        }
        throw invalid("a pickle without the list '" + key + "'");
    }

    private static <V> V scalar(PickleValue value, Class<V> type, String what) {
        if (value instanceof Scalar scalar && type.isInstance(scalar.value())) {
            return type.cast(scalar.value());
        }
        throw invalid("something else among the " + what);
    }

    private static GlintException invalid(String found) {
        return GlintException.failure(
                Reason.INPUT, found, "a file of the Python version of CIFAR-10", "unpack cifar-10-python.tar.gz again");
    }
}
