package dev.glint.classify.kernels;

import java.util.IdentityHashMap;
import org.graalvm.nativeimage.PinnedObject;

/** Arrays that stay where they are, so that C may be given their addresses in runs that allocate nothing. */
final class HeldArrays {
    /** Replaced, never changed: read by every run of every thread, written when a thread begins or ends. */
    private volatile IdentityHashMap<Object, PinnedObject> pins = new IdentityHashMap<>();

    synchronized void hold(Object array) {
        IdentityHashMap<Object, PinnedObject> changed = new IdentityHashMap<>(pins);
        if (changed.containsKey(array)) {
            throw new IllegalStateException("an array is held twice");
        }
        changed.put(array, PinnedObject.create(array));
        pins = changed;
    }

    synchronized void release(Object array) {
        IdentityHashMap<Object, PinnedObject> changed = new IdentityHashMap<>(pins);
        PinnedObject pin = changed.remove(array);
        pins = changed;
        if (pin != null) {
            pin.close();
        }
    }

    /** Keeps an array where it is, held or not, until it is handed to {@link #unpin}. */
    PinnedObject pin(Object array) {
        PinnedObject pin = pins.get(array);
        return pin == null ? PinnedObject.create(array) : pin;
    }

    /** Ends what {@link #pin} began. */
    void unpin(Object array, PinnedObject pin) {
        if (pins.get(array) != pin) {
            pin.close();
        }
    }
}
