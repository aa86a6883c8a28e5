package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.Nullable;

/** An array that one step fills and later ones read: floats, or bytes with their encoding. */
final class Storage {
    private final FeatureMap map;
    private final @Nullable Encoding encoding;
    private int born;
    private int lastUse;
    private int slot = -1;

    /** Room for floats, or for bytes if there is an encoding. */
    Storage(FeatureMap map, @Nullable Encoding encoding) {
        this.map = map;
        this.encoding = encoding;
    }

    FeatureMap map() {
        return map;
    }

    int size() {
        return map.size();
    }

    boolean isBytes() {
        return encoding != null;
    }

    /** What the bytes stand for. */
    Encoding encoding() {
        if (encoding == null) {
            throw new IllegalStateException("floats have no encoding");
        }
        return encoding;
    }

    void filledAt(int step) {
        born = step;
        lastUse = step;
    }

    void readAt(int step) {
        lastUse = Math.max(lastUse, step);
    }

    int born() {
        return born;
    }

    int lastUse() {
        return lastUse;
    }

    void assign(int index) {
        slot = index;
    }

    float[] floats(Memory memory) {
        return memory.floats(slot);
    }

    byte[] bytes(Memory memory) {
        return memory.bytes(slot);
    }
}
