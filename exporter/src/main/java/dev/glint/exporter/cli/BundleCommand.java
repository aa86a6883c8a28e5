package dev.glint.exporter.cli;

import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.job.BundleJob;
import dev.glint.exporter.job.BundleJob.WithOnnxRuntime;
import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.bundle.BundlePart;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter bundle}. */
@Command(
        name = "bundle",
        description = {
            "Writes one executable file that is classify and a model: copied to a device, it runs there.",
            "",
            "ONNX Runtime's library goes in as well where the model needs it. At each start the model is held against its"
                    + " hash; the library is with --verify."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BundleCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.bundle/1";
    private static final String BUILT = "native/target/dist/classify";

    @Parameters(paramLabel = "MODEL", description = "an ONNX file, or a model folder, which stands for its default")
    private Path model = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "the executable to write")
    private Path out = Path.of("");

    @Option(
            names = "--binary",
            paramLabel = "FILE",
            description =
                    "the native binary of classify, unpacked with its lib/ from an archive for the device's processor; default"
                            + " the one that was built here")
    private @Nullable Path binary;

    @Option(
            names = "--onnxruntime",
            paramLabel = "WHEN",
            description =
                    "whether its library goes in: ${COMPLETION-CANDIDATES}; default auto, where Glint's own engine does not"
                            + " know the model or would take long for it")
    private WithOnnxRuntime withOnnxRuntime = WithOnnxRuntime.AUTO;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        return Reporter.run(spec.commandLine(), listener -> {
            Bundle bundle = BundleJob.run(model, binary == null ? builtHere() : binary, withOnnxRuntime, out);
            return json ? JsonText.line(report(bundle)) : text(bundle);
        });
    }

    private static Path builtHere() {
        Path built = Path.of(System.getProperty("glint.home", "")).resolve(BUILT);
        if (!Files.isRegularFile(built)) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "no native binary that was built here",
                            "one to put the model behind",
                            "name one with --binary, or build it with GRAALVM_HOME set")
                    .about(built);
        }
        return built;
    }

    private static String text(Bundle bundle) throws IOException {
        return bundle.file() + ": " + Files.size(bundle.file()) + " bytes, with "
                + bundle.model().name()
                + bundle.library().map(library -> " and " + library.name()).orElse(", without ONNX Runtime")
                + "\nmodel SHA-256 " + bundle.model().sha256();
    }

    private static JsonObject report(Bundle bundle) throws IOException {
        JsonObject report = new JsonObject();
        report.addProperty("schema", SCHEMA);
        report.addProperty("file", bundle.file().toString());
        report.addProperty("bytes", Files.size(bundle.file()));
        report.add("model", part(bundle.model()));
        Optional<BundlePart> library = bundle.library();
        if (library.isPresent()) {
            report.add("library", part(library.get()));
        }
        return report;
    }

    private static JsonObject part(BundlePart part) {
        JsonObject json = new JsonObject();
        json.addProperty("name", part.name());
        json.addProperty("bytes", part.bytes());
        json.addProperty("sha256", part.sha256());
        return json;
    }
}
