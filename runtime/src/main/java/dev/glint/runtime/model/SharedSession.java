package dev.glint.runtime.model;

import dev.glint.runtime.engine.Session;

/** A session that several hold: it is freed when the last one lets go. Safe for use by several threads. */
final class SharedSession {
    private final Session session;
    private int holders = 1;

    /** The caller is the first to hold it. */
    SharedSession(Session session) {
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
            session.close();
        }
    }
}
