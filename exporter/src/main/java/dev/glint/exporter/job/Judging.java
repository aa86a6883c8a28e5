package dev.glint.exporter.job;

import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.verify.DriftRecording;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.Evaluation;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.golden.EngineReplay;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Judges model files for their manifest. */
final class Judging {
    private Judging() {}

    /** How many elements of pictures Glint's own engine is shown, which without its loops in C takes a second for 100,000. */
    private static final int OWN_ENGINE_ELEMENTS = 100_000;

    /**
     * Passes if a model file answers its golden samples as it must, read and run as on a device, by every engine: by ONNX
     * Runtime all of them, by Glint's own engine those that take a second together: none of large pictures, which {@code
     * exporter verify} has the time for.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code GATE}) saying what differs
     */
    static void requireGolden(Path file) {
        int elements = ModelFile.read(file).contract().tensorSize();
        int others = OWN_ENGINE_ELEMENTS / elements;
        Model.Options all = Model.Options.defaults();
        Model.Options options = others == 0 ? all.withEngines(all.engines().subList(0, 1)) : all;
        EngineReplay.require(file, EngineReplay.all(file, options, Math.max(1, others)));
    }

    /**
     * The same, while something else is found out about the file, which Glint's own engine leaves a processor for.
     *
     * @param other ends before this does, whatever becomes of either
     * @return what the other one found
     * @throws dev.glint.runtime.failure.GlintException ({@code GATE}) saying what differs; or what the other one throws
     */
    static <T> T golden(Path file, Supplier<T> other) {
        CompletableFuture<Void> replay = CompletableFuture.runAsync(() -> requireGolden(file));
        try {
            return other.get();
        } finally {
            join(replay);
        }
    }

    private static void join(CompletableFuture<Void> replay) {
        try {
            replay.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    /** The model with what its test pictures are like, as the baseline of drift. */
    static OnnxModel withBaseline(OnnxModel model, PreprocessContract contract, TestSet test) {
        Preprocessor preprocessor = new Preprocessor(contract);
        return DriftRecording.into(
                model,
                contract,
                test.pictures().size(),
                i -> preprocessor.toPixels(test.pictures().picture(i, contract.decodeOptions())));
    }

    /** The accuracy of a model file; empty without a test set. */
    static Optional<Tested> tested(Path file, Optional<TestSet> test, JobListener listener) {
        return test.map(
                set -> tested(List.of(file), set, set.sha256(), listener).get(0));
    }

    /**
     * The accuracies of a model file and of others.
     *
     * @param known what an older manifest says of the first; it is measured again unless that was with the same pictures
     */
    static List<Tested> tested(
            Path first, Optional<Tested> known, List<Path> others, TestSet test, JobListener listener) {
        String sha256 = test.sha256();
        if (known.flatMap(Tested::testSetSha256).equals(Optional.of(sha256))) {
            Tested same =
                    new Tested(test.name(), Optional.of(sha256), known.get().accuracy());
            List<Tested> results = new ArrayList<>(List.of(same));
            results.addAll(tested(others, test, sha256, listener));
            return results;
        }
        List<Path> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return tested(all, test, sha256, listener);
    }

    /** The accuracies of model files, each picture shown to all of them. */
    private static List<Tested> tested(List<Path> files, TestSet test, String sha256, JobListener listener) {
        int total = test.pictures().size();
        List<Model> models = new ArrayList<>();
        try {
            files.forEach(file -> models.add(Model.open(file)));
            return Evaluation.accuracies(models, test, done -> listener.step("accuracy", done, total)).stream()
                    .map(accuracy -> new Tested(test.name(), Optional.of(sha256), accuracy))
                    .toList();
        } finally {
            models.forEach(Model::close);
        }
    }
}
