package dev.glint.exporter.job;

import ai.djl.ndarray.NDManager;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.Check;
import dev.glint.exporter.verify.LogitsCheck;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Evaluation;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.golden.EngineReplay;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at all that a model folder says of itself again: hashes, the rules of ONNX, contracts, golden samples in every
 * engine, float answers against the run's, each variant's against the float ones, accuracy against the manifest's.
 *
 * @param folder a model folder
 * @param run that {@code fp32.onnx} was exported from
 * @param data what answers and accuracy are measured with: a run or a folder per class; noise without it
 */
public record VerifyJob(Path folder, Optional<Path> run, Optional<Path> data) {
    private static final String HASH = "hash";
    private static final String ANSWERS = "answers";
    private static final int COMPARED_PICTURES = 100;

    /** What accuracy may differ by from what another machine measured: other kernels round otherwise. */
    private static final double ACCURACY_POINTS = 0.1;

    /**
     * Looks at everything.
     *
     * @throws GlintException ({@code MODEL}) if there is no folder with a manifest, ({@code INPUT}) if pictures or run cannot
     *     be used
     */
    public List<Check> run(JobListener listener) throws IOException {
        Manifest manifest = manifest();
        List<Check> checks = new ArrayList<>(unknownFiles(manifest));
        List<Path> sound = new ArrayList<>();
        for (Variant variant : manifest.variants()) {
            listener.step("files", sound.size(), manifest.variants().size());
            Path file = folder.resolve(variant.file());
            List<Check> ofFile = ofFile(file, variant);
            checks.addAll(ofFile);
            if (ofFile.stream().allMatch(Check::holds)) {
                sound.add(file);
            }
        }
        checks.addAll(ofAnswers(manifest, sound, listener));
        run.ifPresent(path -> checks.add(ofRun(path, sound)));
        return checks;
    }

    private Manifest manifest() throws IOException {
        Path file = folder.resolve(ModelFolder.MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw GlintException.failure(
                            Reason.MODEL,
                            Files.exists(folder) ? "no " + ModelFolder.MANIFEST : "no such folder",
                            "a model folder",
                            "write one with exporter export or exporter import")
                    .about(folder);
        }
        return Manifest.read(file);
    }

    private List<Check> unknownFiles(Manifest manifest) throws IOException {
        Set<String> known = manifest.variants().stream().map(Variant::file).collect(Collectors.toSet());
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".onnx") && !known.contains(name))
                    .sorted()
                    .map(name -> Check.run(name, "manifest", () -> {
                        throw GlintException.failure(
                                Reason.MODEL,
                                "a model that the manifest does not know",
                                "only models that it lists",
                                "remove the file, or quantise again");
                    }))
                    .toList();
        }
    }

    private List<Check> ofFile(Path file, Variant variant) {
        String name = variant.file();
        List<Check> checks = new ArrayList<>();
        checks.add(Check.run(name, HASH, () -> hash(file, variant)));
        if (!checks.get(0).holds()) {
            return checks;
        }
        checks.add(Check.run(name, "rules of ONNX", () -> structure(file)));
        checks.add(Check.run(name, "contract", () -> contract(file)));
        if (checks.stream().allMatch(Check::holds)) {
            checks.add(golden(file));
        }
        return checks;
    }

    private static String hash(Path file, Variant variant) {
        if (!Files.isRegularFile(file)) {
            throw GlintException.failure(
                    Reason.MODEL, "no such file", "the file that the manifest lists", "export or quantise again");
        }
        String found = Variant.sha256(file);
        if (!found.equals(variant.sha256())) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "sha256 " + found,
                    variant.sha256() + ", as the manifest says",
                    "the file was changed; take the folder from where it was written");
        }
        return "sha256 " + found.substring(0, 16) + "...";
    }

    /** The reader demands what ONNX demands of every graph: each value made once, and before it is taken. */
    private static String structure(Path file) {
        OnnxModel model = OnnxReader.read(file);
        OnnxSession.open(model, 1).close();
        return model.graph().nodes().size() + " nodes, operator set "
                + model.opsets().get("");
    }

    private static String contract(Path file) {
        try (Model model = Model.open(file)) {
            PreprocessContract contract = model.contract();
            return contract.labels().size() + " labels, " + contract.width() + "x" + contract.height();
        }
    }

    private static Check golden(Path file) {
        String name = file.getFileName().toString();
        if (GoldenSamples.read(file).isEmpty()) {
            return Check.skipped(name, "golden samples", "the file has none; exporter golden puts some into it");
        }
        return Check.run(name, "golden samples", () -> {
            List<EngineReplay> replays = EngineReplay.all(file, Model.Options.defaults());
            EngineReplay.require(file, replays);
            return replays.stream()
                    .map(replay -> replay.refusal().isPresent()
                            ? "not run by " + replay.engine()
                            : replay.results().size() + " in " + replay.engine())
                    .collect(Collectors.joining(", "));
        });
    }

    private List<Check> ofAnswers(Manifest manifest, List<Path> sound, JobListener listener) {
        Path floats = folder.resolve(ModelFolder.FP32);
        if (!sound.contains(floats)) {
            return List.of(Check.skipped(ModelFolder.FP32, ANSWERS, "it is not there, or not sound"));
        }
        List<Check> checks = new ArrayList<>();
        List<Model> models = new ArrayList<>();
        try {
            sound.forEach(file -> models.add(Model.open(file)));
            Model reference = models.get(sound.indexOf(floats));
            Optional<TestSet> test = data.map(path -> PictureSources.labelled(path, reference.contract()));
            for (int i = 0; i < sound.size(); i++) {
                Model model = models.get(i);
                if (model != reference) {
                    checks.add(Check.run(name(sound.get(i)), ANSWERS, () -> answers(reference, model, test)));
                }
            }
            test.ifPresent(set -> checks.addAll(accuracies(manifest, sound, models, set, listener)));
            return checks;
        } finally {
            models.forEach(Model::close);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static String answers(Model reference, Model model, Optional<TestSet> test) {
        NoisePictures noise = new NoisePictures(reference.contract());
        Agreement agreement = test.map(set -> Agreement.measure(
                        reference,
                        model,
                        set.name(),
                        Math.min(COMPARED_PICTURES, set.pictures().size()),
                        i -> set.pictures().picture(i, reference.contract().decodeOptions())))
                .orElseGet(() -> Agreement.measure(reference, model, "noise", noise.size(), noise::picture));
        if (test.isPresent()) {
            agreement.requireNoCollapse();
        } else {
            agreement.requireWideRanges();
        }
        return agreement.toString();
    }

    private static List<Check> accuracies(
            Manifest manifest, List<Path> files, List<Model> models, TestSet test, JobListener listener) {
        int total = test.pictures().size();
        List<Accuracy> found = Evaluation.accuracies(models, test, done -> listener.step("accuracy", done, total));
        String sha256 = test.sha256();
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Accuracy accuracy = found.get(i);
            Optional<Accuracy> known = manifest.variant(name(files.get(i)))
                    .flatMap(Variant::tested)
                    .filter(tested -> tested.testSetSha256().equals(Optional.of(sha256)))
                    .map(Variant.Tested::accuracy);
            checks.add(Check.run(name(files.get(i)), "accuracy", () -> accuracy(accuracy, known)));
        }
        return checks;
    }

    private static String accuracy(Accuracy found, Optional<Accuracy> known) {
        String text = found.correct() + " of " + found.pictures();
        if (known.isEmpty()) {
            return text + "; the manifest has other pictures";
        }
        double points = 100 * Math.abs(found.share() - known.get().share());
        if (points > ACCURACY_POINTS) {
            throw GlintException.failure(
                    Reason.GATE,
                    text,
                    known.get().correct() + ", as the manifest says",
                    "this machine answers otherwise; run classify selftest, and report it");
        }
        return text
                + String.format(
                        Locale.ROOT, "; the manifest says %d", known.get().correct());
    }

    private Check ofRun(Path path, List<Path> sound) {
        Path floats = folder.resolve(ModelFolder.FP32);
        if (!sound.contains(floats)) {
            return Check.skipped(ModelFolder.FP32, "run", "it is not there, or not sound");
        }
        return Check.run(ModelFolder.FP32, "run", () -> {
            RunSource source = new RunSource(RunFolder.open(path));
            try (NDManager manager = TorchEngine.newManager(source.threads());
                    Classifier classifier = Classifier.open(floats)) {
                LogitsCheck check = LogitsCheck.compare(
                        source.block(manager), manager, classifier, source.pictures(), COMPARED_PICTURES);
                check.require();
                return String.format(Locale.ROOT, "logits %.1e of the largest apart", check.relativeDifference());
            }
        });
    }
}
