package dev.glint.classify.ort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where optimised models are kept on this machine, and what they depend on. */
public final class ModelCache {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** Enough for the first processor. */
    private static final int FIRST_PROCESSOR = 8192;

    private ModelCache() {}

    /** The folder by the XDG base directory specification: {@code $XDG_CACHE_HOME/glint}, else {@code ~/.cache/glint}. */
    public static Optional<Path> folder(Map<String, String> environment) {
        return absolute(environment.get("XDG_CACHE_HOME"))
                .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".cache")))
                .map(cache -> cache.resolve("glint"));
    }

    private static Optional<Path> absolute(@Nullable String path) {
        return path == null ? Optional.empty() : Optional.of(Path.of(path)).filter(Path::isAbsolute);
    }

    /** The cache in a folder, for a version of ONNX Runtime on this processor. */
    static OptimizedModels open(Path folder, String version) {
        return new OptimizedModels(
                folder, SystemCalls.effectiveUser(), version + "\n" + processor(), Clock.systemUTC());
    }

    /** What the system says of the first processor; that is enough to tell machines apart, and too much does no harm. */
    static String processor() {
        try (InputStream in = Files.newInputStream(PROCESSORS)) {
            return withoutFrequencies(new String(in.readNBytes(FIRST_PROCESSOR), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return "";
        }
    }

    /** The lines up to the first empty one, but for those that change all the time. */
    static String withoutFrequencies(String text) {
        StringBuilder kept = new StringBuilder();
        for (String line : text.split("\n")) {
            if (line.isBlank()) {
                break;
            }
            if (!line.contains("MHz") && !line.startsWith("bogomips") && !line.startsWith("BogoMIPS")) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }
}
