package dev.glint.trainer.weights;

import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.weights.Safetensors.DType;
import java.util.List;

/** What a pickled {@code state_dict} is made of besides plain values. */
sealed interface TorchValue extends PickleValue.Made {

    /** A class or function that may be named. */
    record Global(Known known) implements TorchValue {}

    /**
     * Values outside the pickle, in a file of the archive.
     *
     * @param count of values
     */
    record Storage(DType type, String key, long count) implements TorchValue {}

    /**
     * A view of a storage.
     *
     * @param offset of the first value, in values
     * @param strides in values, one per size
     */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) implements TorchValue {}
}
