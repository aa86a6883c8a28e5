package dev.glint.classify;

import dev.glint.console.Streams;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.trust.TrustedKey;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whose signature a model must have. */
@Command
final class TrustOption {
    static final String NAME = "--trust";
    static final String VARIABLE = "GLINT_TRUST";

    @Option(
            names = NAME,
            paramLabel = "KEY",
            description = {
                "A public key (PEM): a model that its owner has not signed with exporter sign, or not as it is, is refused.",
                "Default: $" + VARIABLE + ", else any model is taken."
            })
    @Nullable Path file;

    private @Nullable TrustedKey key;

    /** The file of the key; null if models need no signature. */
    @Nullable Path file(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        return file != null || named.isEmpty() ? file : Path.of(named);
    }

    /**
     * The key, read once; null if models need no signature.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it is no public key
     */
    synchronized @Nullable TrustedKey key(Streams streams) {
        Path named = file(streams.environment());
        TrustedKey known = key;
        if (known == null && named != null) {
            known = TrustedKey.read(named);
            key = known;
        }
        return known;
    }
}
