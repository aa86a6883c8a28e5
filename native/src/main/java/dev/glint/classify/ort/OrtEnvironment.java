package dev.glint.classify.ort;

import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.failure.GlintException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.nativeimage.c.type.CTypeConversion.CCharPointerHolder;
import org.graalvm.nativeimage.c.type.WordPointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/** A loaded ONNX Runtime and its environment, which says nothing but fatal errors. It stays as long as the process. */
final class OrtEnvironment {
    static final int FATAL = 4;

    private static final int GET_API = 0;
    private static final int GET_VERSION = 1;

    private final Path folder;
    private final OrtApi api;
    private final PointerBase pointer;
    private final String version;
    /** Or not to be skipped, for the process is another program's, which has last things of its own to do. */
    private boolean teardownSkipped;

    private OrtEnvironment(Path folder, OrtApi api, PointerBase pointer, String version, boolean ownProcess) {
        this.folder = folder;
        this.api = api;
        this.pointer = pointer;
        this.version = version;
        this.teardownSkipped = !ownProcess;
    }

    /**
     * Loads the library and makes the environment.
     * @throws GlintException ({@code INPUT}) naming the folder or the library if it cannot be used
     */
    static OrtEnvironment load(OrtSettings settings) {
        Path folder = settings.place().get();
        boolean bundled = settings.bundled();
        Path file = library(folder, settings);
        beSilent();
        WordPointer base = base(file, bundled);
        OrtFunctions.Get version = base.read(GET_VERSION);
        String found = CTypeConversion.toJavaString((CCharPointer) version.invoke());
        try {
            // Before the interface is asked for: an older one would complain on standard error by itself.
            OrtVersion.require(found, bundled);
            OrtFunctions.GetApi get = base.read(GET_API);
            WordPointer table = get.invoke(OrtVersion.API);
            if (table.isNull()) {
                throw OrtLibrary.unusable("no C interface " + OrtVersion.API + " in ONNX Runtime " + found, bundled);
            }
            OrtApi api = new OrtApi(table);
            return new OrtEnvironment(
                    folder.toAbsolutePath(), api, api.createEnvironment(FATAL, "glint"), found, settings.ownProcess());
        } catch (GlintException e) {
            throw e.about(folder);
        } catch (OrtFailure e) {
            throw OrtLibrary.unusable("an ONNX Runtime that does not start (" + e.getMessage() + ")", bundled)
                    .causedBy(e)
                    .about(folder);
        }
    }

    private static Path library(Path place, OrtSettings settings) {
        Optional<Bundle> bundle = Files.isRegularFile(place) ? Bundle.find(place) : Optional.empty();
        return bundle.isPresent()
                ? BundledLibrary.copy(bundle.get(), settings.verified())
                : OrtLibrary.find(place, settings.bundled());
    }

    /** From 1.29 on it reports to its makers unless it finds this when it is loaded. */
    private static void beSilent() {
        try (CCharPointerHolder name = CTypeConversion.toCString("ORT_DISABLE_TELEMETRY");
                CCharPointerHolder value = CTypeConversion.toCString("1")) {
            SystemCalls.setVariable(name.get(), value.get(), 1);
        }
    }

    private static WordPointer base(Path file, boolean bundled) {
        try (CCharPointerHolder path =
                        CTypeConversion.toCString(file.toAbsolutePath().toString());
                CCharPointerHolder name = CTypeConversion.toCString("OrtGetApiBase")) {
            PointerBase library = SystemCalls.loadLibrary(path.get(), SystemCalls.ALL_SYMBOLS_NOW);
            CFunctionPointer getBase =
                    library.isNull() ? WordFactory.nullPointer() : SystemCalls.findSymbol(library, name.get());
            if (getBase.isNull()) {
                throw OrtLibrary.unloadable(file, CTypeConversion.toJavaString(SystemCalls.libraryError()), bundled);
            }
            return ((OrtFunctions.Get) getBase).invoke();
        }
    }

    /** To be called when the first session is there: taking it all down at the end of the process costs milliseconds. */
    synchronized void skipTeardown() {
        if (!teardownSkipped) {
            teardownSkipped = true;
            SystemCalls.skipLastRites();
        }
    }

    /** What the system says against the library that ONNX Runtime needs for a provider, if that is the matter. */
    Optional<String> objection(Provider provider) {
        Path library = folder.resolve(System.mapLibraryName("onnxruntime_providers_" + provider));
        return Files.isRegularFile(library)
                ? SystemCalls.objection(library).map(words -> words.replace(folder + "/", ""))
                : Optional.of("no " + library.getFileName());
    }

    OrtApi api() {
        return api;
    }

    PointerBase pointer() {
        return pointer;
    }

    String version() {
        return version;
    }
}
