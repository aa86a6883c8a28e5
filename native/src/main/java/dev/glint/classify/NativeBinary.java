package dev.glint.classify;

/** Whether this is the native binary; a constant in it, as the image's options say, so that it has nothing of what is for the JVM only. */
final class NativeBinary {
    static final boolean RUNNING = System.getProperty("org.graalvm.nativeimage.imagecode") != null;

    private NativeBinary() {}
}
