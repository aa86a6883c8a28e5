package dev.glint.trainer.pickle;

import dev.glint.trainer.pickle.PickleValue.Array;
import dev.glint.trainer.pickle.PickleValue.Dict;
import dev.glint.trainer.pickle.PickleValue.None;
import dev.glint.trainer.pickle.PickleValue.Scalar;
import dev.glint.trainer.pickle.PickleValue.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle of Python values. A pickle is a program for a machine with a stack; this one knows the instructions
 * that data is written with, and refuses every other by its name. It calls nothing: a class or function is a name out of
 * a {@link PickleVocabulary}, which makes what it would make.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">The instructions</a>
 */
public final class PickleReader {
    /**
     * Pushed, marked or remembered. A state_dict of a thousand tensors needs about 32,000, a file of 10,000 named pictures
     * about 50,000.
     */
    private static final int MAX_VALUES = 1_000_000;

    private static final int MAX_PROTOCOL = 5;

    private final ByteBuffer in;
    private final PickleVocabulary vocabulary;
    private final List<PickleValue> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, PickleValue> memo = new HashMap<>();
    private int values;

    private PickleReader(ByteBuffer in, PickleVocabulary vocabulary) {
        this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.vocabulary = vocabulary;
    }

    /**
     * Reads the first value of a pickle.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}) naming what is refused or where the damage is, ({@code
     *     LIMIT}) for more than a million values
     */
    public static PickleValue read(ByteBuffer pickle, PickleVocabulary vocabulary) {
        PickleReader reader = new PickleReader(pickle, vocabulary);
        try {
            return reader.run();
        } catch (BufferUnderflowException e) {
            throw vocabulary.damaged("a pickle that ends after " + reader.in.limit() + " bytes");
        }
    }

    private PickleValue run() {
        while (true) {
            int code = in.get() & 0xff;
            if (code == '.') {
                return pop();
            }
            if (!structure(code) && !collection(code) && !scalar(code) && !byteString(code)) {
                throw vocabulary.refused("the pickle instruction " + PickleNames.describe(code));
            }
        }
    }

    /** Instructions that concern the stack, the memo and what is called. */
    private boolean structure(int code) {
        switch (code) {
            case 0x80 -> requireProtocol(in.get() & 0xff);
            case 0x95 -> in.getLong(); // The length of a frame, a hint for reading ahead.
            case '(' -> {
                countValue();
                marks.add(stack.size());
            }
            case 'q' -> remember(in.get() & 0xff);
            case 'r' -> remember(Integer.toUnsignedLong(in.getInt()));
            case 0x94 -> remember(memo.size());
            case 'h' -> push(remembered(in.get() & 0xff));
            case 'j' -> push(remembered(Integer.toUnsignedLong(in.getInt())));
            case 'c' -> push(vocabulary.global(line(), line()));
            case 0x93 -> {
                String name = string(pop());
                push(vocabulary.global(string(pop()), name));
            }
            case 'Q' -> push(vocabulary.persistent(tuple(pop())));
            case 'R' -> {
                List<PickleValue> arguments = tuple(pop());
                push(vocabulary.call(pop(), arguments));
            }
            case 'b' -> {
                PickleValue state = pop();
                vocabulary.build(top(), state);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean collection(int code) {
        switch (code) {
            case '}' -> push(new Dict());
            case ']' -> push(new Array());
            case ')' -> push(new Tuple(List.of()));
            case 0x85 -> push(new Tuple(popAll(stack.size() - 1)));
            case 0x86 -> push(new Tuple(popAll(stack.size() - 2)));
            case 0x87 -> push(new Tuple(popAll(stack.size() - 3)));
            case 't' -> push(new Tuple(popAll(mark())));
            case 'l' -> {
                Array list = new Array();
                list.items.addAll(popAll(mark()));
                push(list);
            }
            case 'd' -> {
                Dict dict = new Dict();
                put(dict, popAll(mark()));
                push(dict);
            }
            case 'a' -> append(popAll(stack.size() - 1));
            case 'e' -> append(popAll(mark()));
            case 's' -> set(popAll(stack.size() - 2));
            case 'u' -> set(popAll(mark()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean scalar(int code) {
        switch (code) {
            case 'N' -> push(new None());
            case 0x88 -> push(new Scalar(true));
            case 0x89 -> push(new Scalar(false));
            case 'J' -> push(new Scalar((long) in.getInt()));
            case 'K' -> push(new Scalar((long) (in.get() & 0xff)));
            case 'M' -> push(new Scalar((long) (in.getShort() & 0xffff)));
            case 0x8a -> push(new Scalar(longInteger(in.get() & 0xff)));
            case 'G' -> push(new Scalar(Double.longBitsToDouble(Long.reverseBytes(in.getLong()))));
            case 'X' -> push(new Scalar(text(Integer.toUnsignedLong(in.getInt()))));
            case 0x8c -> push(new Scalar(text(in.get() & 0xff)));
            case 0x8d -> push(new Scalar(text(in.getLong())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean byteString(int code) {
        if (!vocabulary.byteStrings()) {
            return false;
        }
        switch (code) {
            case 'U', 'C' -> push(new Scalar(bytes(in.get() & 0xff)));
            case 'T', 'B' -> push(new Scalar(bytes(Integer.toUnsignedLong(in.getInt()))));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void push(PickleValue value) {
        countValue();
        stack.add(value);
    }

    private void countValue() {
        if (++values > MAX_VALUES) {
            throw vocabulary.tooLarge("a pickle of more values", "%,d values".formatted(MAX_VALUES));
        }
    }

    private PickleValue pop() {
        return popAll(stack.size() - 1).get(0);
    }

    /** Takes everything from a position on; none of it may lie below the last mark. */
    private List<PickleValue> popAll(int from) {
        if (from < (marks.isEmpty() ? 0 : marks.get(marks.size() - 1))) {
            throw vocabulary.damaged("a pickle that takes more than it has, at byte " + in.position());
        }
        List<PickleValue> tail = stack.subList(from, stack.size());
        List<PickleValue> taken = List.copyOf(tail);
        tail.clear();
        return taken;
    }

    private int mark() {
        if (marks.isEmpty()) {
            throw vocabulary.damaged("a pickle without the mark that it goes back to, at byte " + in.position());
        }
        return marks.remove(marks.size() - 1);
    }

    private PickleValue top() {
        PickleValue top = pop();
        stack.add(top);
        return top;
    }

    private void remember(long key) {
        countValue();
        memo.put(key, top());
    }

    private PickleValue remembered(long key) {
        PickleValue value = memo.get(key);
        if (value == null) {
            throw vocabulary.damaged("a pickle that refers to value " + key + ", which it has not");
        }
        return value;
    }

    private List<PickleValue> tuple(PickleValue value) {
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        throw vocabulary.damaged("a pickle with other arguments than a tuple");
    }

    private String string(PickleValue value) {
        if (value instanceof Scalar scalar && scalar.value() instanceof String text) {
            return text;
        }
        throw vocabulary.damaged("a pickle that names a global by something else than text");
    }

    private void append(List<PickleValue> items) {
        if (!(top() instanceof Array list)) {
            throw vocabulary.damaged("a pickle that appends to something else than a list");
        }
        list.items.addAll(items);
    }

    private void set(List<PickleValue> items) {
        if (!(top() instanceof Dict dict)) {
            throw vocabulary.damaged("a pickle that sets items of something else than a dict");
        }
        put(dict, items);
    }

    private void put(Dict dict, List<PickleValue> items) {
        if (items.size() % 2 != 0) {
            throw vocabulary.damaged("a pickle with a key without value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof Scalar key)) {
                throw vocabulary.refused("a dict whose keys are no scalars");
            }
            dict.items.put(key.value(), items.get(i + 1));
        }
    }

    private void requireProtocol(int protocol) {
        if (protocol > MAX_PROTOCOL) {
            throw vocabulary.refused("a pickle of protocol " + protocol);
        }
    }

    /** A signed integer of so many bytes, little endian. */
    private long longInteger(int bytes) {
        if (bytes > Long.BYTES) {
            throw vocabulary.refused("an integer of " + bytes + " bytes");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long next = in.get();
            value |= (i == bytes - 1 ? next : next & 0xff) << (8 * i);
        }
        return value;
    }

    private String text(long bytes) {
        return new String(take(bytes), StandardCharsets.UTF_8);
    }

    private String bytes(long bytes) {
        return new String(take(bytes), StandardCharsets.ISO_8859_1);
    }

    private byte[] take(long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[(int) bytes];
        in.get(taken);
        return taken;
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            // Up to the end of the line.
        }
        int length = in.position() - start - 1;
        return StandardCharsets.UTF_8.decode(in.slice(start, length)).toString();
    }
}
