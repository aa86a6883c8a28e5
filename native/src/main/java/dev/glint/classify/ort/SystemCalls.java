package dev.glint.classify.ort;

import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.nativeimage.StackValue;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CLongPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.nativeimage.c.type.CTypeConversion.CCharPointerHolder;
import org.graalvm.word.Pointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;

/** Functions of the C library; there are none on the JVM. */
final class SystemCalls {
    /** {@code RTLD_NOW}: a library that lacks a symbol is refused when it is loaded. */
    static final int ALL_SYMBOLS_NOW = 2;

    private static final int READ_ONLY = 0;
    private static final int PROTECTION_READ = 1;
    private static final int PRIVATE = 2;
    private static final int CLOSE_ON_EXEC = 1;

    private SystemCalls() {}

    @CFunction("dlopen")
    static native PointerBase loadLibrary(CCharPointer file, int flags);

    /** What the system says against loading a library; empty if it has nothing against it, and then the library is loaded. */
    static Optional<String> objection(Path library) {
        try (CCharPointerHolder path = CTypeConversion.toCString(library.toString())) {
            return loadLibrary(path.get(), ALL_SYMBOLS_NOW).isNonNull()
                    ? Optional.empty()
                    : Optional.of(CTypeConversion.toJavaString(libraryError()));
        }
    }

    @CFunction("dlsym")
    static native CFunctionPointer findSymbol(PointerBase library, CCharPointer name);

    @CFunction("dlerror")
    static native CCharPointer libraryError();

    /** {@code on_exit} of glibc. */
    interface OnExit extends CFunctionPointer {
        @InvokeCFunctionPointer
        int invoke(CFunctionPointer handler, PointerBase argument);
    }

    /** The user whose rights the process has. */
    @CFunction("geteuid")
    static native int effectiveUser();

    @CFunction("open")
    private static native int open(CCharPointer file, int flags);

    @CFunction("close")
    private static native int close(int descriptor);

    @CFunction("mmap")
    private static native Pointer map(
            PointerBase address, UnsignedWord bytes, int protection, int flags, int descriptor, long offset);

    @CFunction("munmap")
    static native int unmap(PointerBase address, UnsignedWord bytes);

    /** A file in memory, to be read only; null if that cannot be. */
    static PointerBase map(Path file, long bytes) {
        try (CCharPointerHolder path = CTypeConversion.toCString(file.toString())) {
            int descriptor = open(path.get(), READ_ONLY);
            if (descriptor < 0) {
                return WordFactory.nullPointer();
            }
            Pointer mapped = map(
                    WordFactory.nullPointer(), WordFactory.unsigned(bytes), PROTECTION_READ, PRIVATE, descriptor, 0);
            close(descriptor);
            return mapped.equal(WordFactory.signed(-1)) ? WordFactory.nullPointer() : mapped;
        }
    }

    @CFunction("memfd_create")
    private static native int memoryFile(CCharPointer name, int flags);

    @CFunction("sendfile")
    private static native long send(int to, int from, CLongPointer offset, UnsignedWord bytes);

    /** Copies a part of a file to a new one in memory; returns its descriptor, or a negative number if that cannot be. */
    static int copyToMemory(Path file, String name, long offset, long bytes) {
        try (CCharPointerHolder path = CTypeConversion.toCString(file.toString());
                CCharPointerHolder called = CTypeConversion.toCString(name)) {
            int from = open(path.get(), READ_ONLY);
            int to = from < 0 ? -1 : memoryFile(called.get(), CLOSE_ON_EXEC);
            CLongPointer position = StackValue.get(CLongPointer.class);
            position.write(offset);
            long sent = 1;
            while (to >= 0 && sent > 0 && position.read() < offset + bytes) {
                sent = send(to, from, position, WordFactory.unsigned(offset + bytes - position.read()));
            }
            if (from >= 0) {
                close(from);
            }
            return sent > 0 ? to : -1;
        }
    }

    @CFunction("setenv")
    static native int setVariable(CCharPointer name, CCharPointer value, int replace);

    /**
     * Has the process end without what libraries do last, from what was registered up to now: {@code exit} comes to
     * {@code _exit} first. Does nothing where the C library has no {@code on_exit}.
     */
    static void skipLastRites() {
        try (CCharPointerHolder onExitName = CTypeConversion.toCString("on_exit");
                CCharPointerHolder exitName = CTypeConversion.toCString("_exit")) {
            OnExit onExit = (OnExit) findSymbol(WordFactory.nullPointer(), onExitName.get());
            CFunctionPointer exit = findSymbol(WordFactory.nullPointer(), exitName.get());
            if (onExit.isNonNull() && exit.isNonNull()) {
                onExit.invoke(exit, WordFactory.nullPointer());
            }
        }
    }
}
