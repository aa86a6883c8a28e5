package dev.glint.trainer.cli;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.Evaluator;
import dev.glint.trainer.fit.Score;
import dev.glint.trainer.run.RunFolder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainer eval}. */
@Command(
        name = "eval",
        description =
                "Judges the best weights of a run by its test pictures: the held-out ones, where those did not choose the"
                        + " epoch alone.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EvalCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.trainer.eval/1";

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run = Path.of("");

    @Option(
            names = "--test-flip",
            negatable = true,
            description = "judge each picture together with its mirror image, or, as a device does, alone; default what"
                    + " the run's recipe says")
    private @Nullable Boolean testFlip;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = DeviceChoice.KNOWN + "; default ${DEFAULT-VALUE}")
    private String device = "";

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.open(run);
        DataSplit data = folder.data();
        boolean flip = testFlip == null ? folder.config().recipe().testFlip() : testFlip;
        int threads = folder.config().threads();
        DeviceChoice.Chosen chosen = DeviceChoice.parse(device).resolve(threads);
        Score score;
        try (NDManager manager = TorchEngine.newManager(threads, chosen.device())) {
            score = Evaluator.evaluate(
                    folder.block(manager), manager, new Preprocessor(folder.contract()), data.test(), flip);
        }
        if (!Double.isFinite(score.loss())) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "weights that give a loss of " + score.loss(),
                            "a finite one",
                            "fit the run again with a lower learning rate")
                    .about(folder.path().resolve(RunFolder.BEST));
        }
        SplitReview review = SplitReview.review(data);
        review.warnings().forEach(warning -> spec.commandLine().getErr().println("note: " + warning));
        chosen.note().ifPresent(spec.commandLine().getErr()::println);
        spec.commandLine().getOut().println(json ? json(score, review, flip) : line(score, review, flip));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static String line(Score score, SplitReview review, boolean flip) {
        return String.format(
                Locale.ROOT,
                "%d of %d %s pictures right (%.2f %%), loss %.4f%s; judged by pictures %s",
                score.correct(),
                score.pictures(),
                review.judging(),
                100 * score.accuracy(),
                score.loss(),
                flip ? ", each judged together with its mirror image" : "",
                review.role());
    }

    private String json(Score score, SplitReview review, boolean flip) {
        JsonObject object = new JsonObject();
        object.addProperty("schema", SCHEMA);
        object.addProperty("run", run.toString());
        object.addProperty("part", review.judging());
        object.addProperty("choseEpoch", !review.separateTest());
        object.addProperty("pictures", score.pictures());
        object.addProperty("correct", score.correct());
        object.addProperty("accuracy", score.accuracy());
        object.addProperty("loss", score.loss());
        object.addProperty("testFlip", flip);
        object.add("warnings", FitReporter.warnings(review));
        return JsonText.line(object);
    }
}
