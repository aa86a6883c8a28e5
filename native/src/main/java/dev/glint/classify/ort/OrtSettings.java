package dev.glint.classify.ort;

import dev.glint.runtime.engine.Provider;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Which ONNX Runtime runs models, and with what.
 *
 * @param place says where its library lies, when it is first needed: in a folder, or in a bundle
 * @param verified whether a library inside a bundle is held against its hash before it is loaded
 * @param bundled whether it is the one that this program was packed with; else it is the operator's and may be of another version
 * @param ownProcess whether the process is this program's own, which may end it without what libraries do last
 * @param provider what it computes with
 * @param cache where optimised models are kept, if they are
 * @param note is told in half a sentence which provider {@link Provider#AUTO} became, where it had to fall back
 */
public record OrtSettings(
        Supplier<Path> place,
        boolean verified,
        boolean bundled,
        boolean ownProcess,
        Provider provider,
        Optional<Path> cache,
        Consumer<String> note) {}
