package dev.glint.trainer.engine;

import dev.glint.console.Versions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A torch of the machine, whose libraries {@code PYTORCH_LIBRARY_PATH} names, in place of the one that comes with the
 * build. The library between Java and torch is bound to one version of it, and a process that opens another one dies; so
 * what is there is looked at first.
 *
 * @param libraries the folder of the libraries, such as {@code site-packages/torch/lib}
 * @param version such as {@code 2.7.1+cu128}
 */
record InstalledTorch(Path libraries, String version) {
    private static final String PATH = "PYTORCH_LIBRARY_PATH";
    private static final Pattern PYTHON_VERSION =
            Pattern.compile("^__version__\\s*=\\s*['\"]([^'\"]+)['\"]", Pattern.MULTILINE);

    /**
     * Tells DJL which torch it is to open, unless the environment does.
     *
     * @throws GlintException ({@code USAGE}) if it is another version than the one this was built for
     */
    static void configure() {
        String path = System.getenv().getOrDefault(PATH, System.getProperty(PATH, ""));
        find(path)
                .ifPresent(torch -> torch.settings(Versions.built("pytorch"), Versions.built("cuda"))
                        .forEach(System::setProperty));
    }

    /**
     * Looks for a torch that says which version it is.
     *
     * @param path folders or libraries, as a class path
     */
    static Optional<InstalledTorch> find(String path) {
        List<String> parts = path.isEmpty() ? List.of() : List.of(path.split(File.pathSeparator));
        for (String part : parts) {
            Path libraries = Path.of(part).toAbsolutePath();
            if (Files.isRegularFile(libraries)) {
                libraries = Objects.requireNonNull(libraries.getParent());
            }
            Path home = libraries.getParent();
            Optional<String> version = Files.isDirectory(libraries) && home != null ? version(home) : Optional.empty();
            if (version.isPresent()) {
                return Optional.of(new InstalledTorch(libraries, version.get()));
            }
        }
        return Optional.empty();
    }

    /** As Python's package says it, or the archive for C++. */
    private static Optional<String> version(Path home) {
        try {
            if (Files.isRegularFile(home.resolve("version.py"))) {
                Matcher matcher = PYTHON_VERSION.matcher(Files.readString(home.resolve("version.py")));
                return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
            }
            if (Files.isRegularFile(home.resolve("build-version"))) {
                return Optional.of(
                        Files.readString(home.resolve("build-version")).strip());
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What DJL is to be told.
     *
     * @param expected version of torch that this was built for
     * @param cuda what that build's library for CUDA is called
     */
    Map<String, String> settings(String expected, String cuda) {
        String release = version.replaceFirst("\\+.*", "");
        if (!release.equals(expected)) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "torch " + version,
                            expected + ", to which this build is bound",
                            "install that version, or unset " + PATH)
                    .about(libraries);
        }
        return Map.of("PYTORCH_VERSION", release, "PYTORCH_FLAVOR", version.endsWith("+cpu") ? "cpu" : cuda);
    }
}
