package dev.glint.trainer.data;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleValue.Scalar;
import dev.glint.trainer.pickle.PickleVocabulary;
import java.util.List;

/** What a pickled NumPy array needs, in files of Python 2 and 3. */
final class NumpyVocabulary implements PickleVocabulary {
    private static final String EXPECTED = "a dict with NumPy arrays, as CIFAR-10's Python version is published";
    private static final String REMEDY = "unpack cifar-10-python.tar.gz again";

    /** The classes and functions that may be named; none of them is run. */
    private enum Global implements PickleValue.Made {
        RECONSTRUCT,
        NDARRAY,
        DTYPE
    }

    /** A type of numbers, such as {@code u1}. */
    record Type(String name) implements PickleValue.Made {}

    @Override
    public PickleValue global(String module, String name) {
        return switch (module + " " + name) {
            case "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct" -> Global.RECONSTRUCT;
            case "numpy ndarray" -> Global.NDARRAY;
            case "numpy dtype" -> Global.DTYPE;
            default -> throw refused("the Python global " + PickleVocabulary.shown(module + "." + name));
        };
    }

    @Override
    public PickleValue call(PickleValue function, List<PickleValue> arguments) {
        if (function == Global.RECONSTRUCT && !arguments.isEmpty() && arguments.get(0) == Global.NDARRAY) {
            return new NumpyArray();
        }
        if (function == Global.DTYPE
                && !arguments.isEmpty()
                && arguments.get(0) instanceof Scalar scalar
                && scalar.value() instanceof String name) {
            return new Type(name);
        }
        throw refused("a call that makes no array");
    }

    /** The state of a type is its byte order, of no use for single bytes. */
    @Override
    public void build(PickleValue object, PickleValue state) {
        if (object instanceof NumpyArray array) {
            array.build(state);
        } else if (!(object instanceof Type)) {
            throw refused("the pickle instruction BUILD on something else than an array");
        }
    }

    @Override
    public boolean byteStrings() {
        return true;
    }

    @Override
    public GlintException damaged(String found) {
        return GlintException.failure(Reason.INPUT, found, EXPECTED, REMEDY);
    }

    @Override
    public GlintException refused(String found) {
        return GlintException.failure(Reason.INPUT, found, EXPECTED, REMEDY);
    }

    @Override
    public GlintException tooLarge(String found, String limit) {
        return GlintException.failure(Reason.LIMIT, found, "at most " + limit, REMEDY);
    }
}
