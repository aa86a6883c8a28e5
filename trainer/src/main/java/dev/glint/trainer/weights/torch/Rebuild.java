package dev.glint.trainer.weights.torch;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleValue.Array;
import dev.glint.trainer.pickle.PickleValue.Dict;
import dev.glint.trainer.pickle.PickleValue.Scalar;
import dev.glint.trainer.pickle.PickleValue.Tuple;
import dev.glint.trainer.weights.safetensors.DType;
import dev.glint.trainer.weights.torch.TorchValue.Global;
import dev.glint.trainer.weights.torch.TorchValue.Storage;
import dev.glint.trainer.weights.torch.TorchValue.View;
import java.util.List;
import java.util.stream.IntStream;

/** Makes what the calls in a pickled {@code state_dict} would make. */
final class Rebuild {
    /** As many as PyTorch's own. */
    private static final int MAX_DIMENSIONS = 64;

    private Rebuild() {}

    /** The result of a call. */
    static PickleValue call(PickleValue function, List<PickleValue> arguments) {
        if (!(function instanceof Global global)) {
            throw Unreadable.refused("a call of something else than a global");
        }
        switch (global.known()) {
            case ORDERED_DICT:
                if (!arguments.isEmpty()) {
                    throw Unreadable.refused("an OrderedDict made with arguments");
                }
                return new Dict();
            case SIZE:
                return new Tuple(sizes(argument(arguments, 0)));
            case REBUILD_TENSOR:
                return tensor(arguments);
            case REBUILD_PARAMETER:
                return argument(arguments, 0);
            default:
                throw Unreadable.refused("a call of a storage class");
        }
    }

    /** A storage from its persistent id: ("storage", class, key, device, count of values). */
    static Storage storage(List<PickleValue> id) {
        if (id.size() != 5
                || !(id.get(0) instanceof Scalar kind && kind.value().equals("storage"))
                || !(id.get(1) instanceof Global global)
                || !(id.get(2) instanceof Scalar scalar && scalar.value() instanceof String key)) {
            throw Unreadable.refused("a persistent id that is no storage");
        }
        DType type = global.known().storage();
        if (type == null) {
            throw Unreadable.damaged("a storage of a class that is none");
        }
        return new Storage(type, key, integer(id.get(4)));
    }

    /** The arguments: storage, offset, sizes, strides, whether it requires a gradient, hooks. */
    private static PickleValue tensor(List<PickleValue> arguments) {
        if (!(argument(arguments, 0) instanceof Storage storage)) {
            throw Unreadable.damaged("a tensor without a storage");
        }
        long offset = integer(argument(arguments, 1));
        List<Long> shape = integers(argument(arguments, 2));
        List<Long> strides = integers(argument(arguments, 3));
        boolean negative = offset < 0
                || IntStream.range(0, shape.size()).anyMatch(i -> shape.get(i) < 0)
                || IntStream.range(0, strides.size()).anyMatch(i -> strides.get(i) < 0);
        if (negative || shape.size() != strides.size()) {
            throw damagedTensor(storage, offset, shape, strides);
        }
        try {
            requireInside(storage, offset, shape, strides);
        } catch (ArithmeticException e) {
            throw damagedTensor(storage, offset, shape, strides);
        }
        return new View(storage, offset, shape, strides);
    }

    /** No value lies outside the storage, and a tensor has no more values than it: so a small file makes no large one. */
    private static void requireInside(Storage storage, long offset, List<Long> shape, List<Long> strides) {
        long count = 1;
        long last = offset;
        for (int i = 0; i < shape.size(); i++) {
            count = Math.multiplyExact(count, shape.get(i));
            last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape.get(i) - 1), strides.get(i)));
        }
        if (count > storage.count() || count > 0 && last >= storage.count()) {
            throw damagedTensor(storage, offset, shape, strides);
        }
    }

    private static GlintException damagedTensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {
        return Unreadable.damaged("a tensor of shape " + shape + ", strides " + strides + " and offset " + offset
                + " over " + storage.count() + " values");
    }

    private static PickleValue argument(List<PickleValue> arguments, int index) {
        if (index >= arguments.size()) {
            throw Unreadable.damaged("a call with " + arguments.size() + " arguments");
        }
        return arguments.get(index);
    }

    /** So few that each call may have a copy, also where a pickle names one list again and again. */
    private static List<PickleValue> sizes(PickleValue value) {
        List<PickleValue> sizes = items(value);
        if (sizes.size() > MAX_DIMENSIONS) {
            throw Unreadable.tooLarge("a tensor of " + sizes.size() + " dimensions", MAX_DIMENSIONS + " dimensions");
        }
        return List.copyOf(sizes);
    }

    private static List<PickleValue> items(PickleValue value) {
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        if (value instanceof Array array) {
            return array.items;
        }
        throw Unreadable.damaged("something else than a tuple of sizes");
    }

    private static List<Long> integers(PickleValue value) {
        return sizes(value).stream().map(Rebuild::integer).toList();
    }

    private static Long integer(PickleValue value) {
        if (value instanceof Scalar scalar && scalar.value() instanceof Long integer) {
            return integer;
        }
        throw Unreadable.damaged("something else than an integer");
    }
}
