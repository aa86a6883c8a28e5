package dev.glint.trainer.cli;

import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.console.Progress;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.data.PictureFolder;
import dev.glint.trainer.recipe.Domain;
import java.io.IOException;
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

/** {@code trainer data}. */
@Command(
        name = "data",
        description = "Writes pictures of a data set as PNG files, in a folder per class.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DataCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.trainer.data/1";

    /** The parts of a data set. */
    enum Part {
        TRAIN,
        HELD_OUT,
        TEST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Parameters(paramLabel = "SPEC", description = DataSpec.KNOWN)
    private String data = "";

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "a folder, new or empty")
    private Path out = Path.of("");

    @Option(
            names = "--split",
            paramLabel = "PART",
            defaultValue = "held-out",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. Both of the latter are the same pictures"
                    + " unless --validation takes the held-out ones from the training pictures, or a folder has val and"
                    + " test in it")
    private Part part = Part.HELD_OUT;

    @Option(names = "--limit", paramLabel = "N", description = "the first N pictures only")
    private @Nullable Integer limit;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "that of the run whose pictures are wanted; default ${DEFAULT-VALUE}")
    private long seed;

    @Mixin
    private SplitOptions split = new SplitOptions();

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        DataOptions options =
                new DataOptions(split.validation(0), split.skipBroken(), false, null, new Normalization.Usual());
        DataSplit parts =
                DataSpec.parse(data).open(seed, options, spec.commandLine().getErr()::println);
        PictureSet all = part(parts);
        PictureSet pictures = limit == null ? all : all.first(Options.checked("--limit", Domain.AT_LEAST_ONE, limit));
        try (Progress progress = new Progress("pictures", pictures.size())) {
            PictureFolder.write(out, pictures, parts.labels(), progress::stepTo);
        }
        spec.commandLine().getOut().println(json ? json(pictures) : pictures.size() + " pictures in " + out);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private PictureSet part(DataSplit parts) {
        return switch (part) {
            case TRAIN -> parts.train();
            case HELD_OUT -> parts.heldOut();
            case TEST -> parts.test();
        };
    }

    private String json(PictureSet pictures) {
        JsonObject object = new JsonObject();
        object.addProperty("schema", SCHEMA);
        object.addProperty("out", out.toString());
        object.addProperty("pictures", pictures.size());
        return JsonText.line(object);
    }
}
