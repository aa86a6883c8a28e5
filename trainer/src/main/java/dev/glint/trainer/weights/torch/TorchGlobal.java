package dev.glint.trainer.weights.torch;

import dev.glint.trainer.weights.safetensors.DType;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The classes and functions that a pickled {@code state_dict} needs. No other can be named, and none of them is run. */
enum TorchGlobal {
    ORDERED_DICT("collections OrderedDict"),
    SIZE("torch Size"),
    REBUILD_TENSOR("torch._utils _rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils _rebuild_parameter"),
    FLOAT("torch FloatStorage", DType.F32),
    DOUBLE("torch DoubleStorage", DType.F64),
    HALF("torch HalfStorage", DType.F16),
    BFLOAT16("torch BFloat16Storage", DType.BF16),
    LONG("torch LongStorage", DType.I64),
    INT("torch IntStorage", DType.I32),
    SHORT("torch ShortStorage", DType.I16),
    CHAR("torch CharStorage", DType.I8),
    BYTE("torch ByteStorage", DType.U8),
    BOOL("torch BoolStorage", DType.BOOL);

    private final String global;
    private final @Nullable DType storage;

    TorchGlobal(String global) {
        this(global, null);
    }

    TorchGlobal(String global, @Nullable DType storage) {
        this.global = global;
        this.storage = storage;
    }

    static Optional<TorchGlobal> find(String module, String name) {
        String global = module + " " + name;
        return Arrays.stream(values())
                .filter(known -> known.global.equals(global))
                .findFirst();
    }

    /** The type of a storage class's values; null for what is no storage class. */
    @Nullable DType storage() {
        return storage;
    }
}
