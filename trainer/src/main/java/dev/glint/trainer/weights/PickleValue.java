package dev.glint.trainer.weights;

import dev.glint.trainer.run.Safetensors.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pickled {@code state_dict} is made of. Collections have identity, as pickles refer to them again. */
sealed interface PickleValue {

    /** A string, an integer, a floating-point number or a boolean. */
    record Scalar(Object value) implements PickleValue {}

    /** Python's {@code None}. */
    record None() implements PickleValue {}

    /** A tuple, or a {@code torch.Size}. */
    record Tuple(List<PickleValue> items) implements PickleValue {}

    /** A list. */
    final class Array implements PickleValue {
        final List<PickleValue> items = new ArrayList<>();
    }

    /** A dict, or a {@code collections.OrderedDict}; its keys are scalars. */
    final class Dict implements PickleValue {
        final Map<Object, PickleValue> items = new LinkedHashMap<>();
    }

    /** A class or function that may be named. */
    record Global(Known known) implements PickleValue {}

    /**
     * Values outside the pickle, in a file of the archive.
     *
     * @param count of values
     */
    record Storage(DType type, String key, long count) implements PickleValue {}

    /**
     * A view of a storage.
     *
     * @param offset of the first value, in values
     * @param strides in values, one per size
     */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) implements PickleValue {}
}
