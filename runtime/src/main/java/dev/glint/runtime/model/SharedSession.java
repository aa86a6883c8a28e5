package dev.glint.runtime.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** A session that several hold: it is freed when the last one lets go. Safe for use by several threads. */
final class SharedSession {
    private final OrtSession session;
    private int holders = 1;

    /** The caller is the first to hold it. */
    SharedSession(OrtSession session) {
        this.session = session;
    }

    /** One more holds it. */
    synchronized void retain() {
        if (holders == 0) {
            throw new IllegalStateException("the session is freed");
        }
        holders++;
    }

    /** One fewer holds it. */
    synchronized void release() {
        if (holders == 0) {
            throw new IllegalStateException("the session is freed already");
        }
        holders--;
        if (holders == 0) {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs the model from the inputs into the outputs. Several threads may, each with its own tensors. */
    void run(Tensors tensors) throws OrtException {
        session.run(tensors.inputs(), tensors.outputs()).close();
    }
}
