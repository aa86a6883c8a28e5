package dev.glint.classify.serve;

/** What a client sent, and the memory it takes until it is closed. */
record Body(byte[] bytes, Runnable release) implements AutoCloseable {

    @Override
    public void close() {
        release.run();
    }
}
