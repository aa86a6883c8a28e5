package dev.glint.classify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.console.Versions;
import dev.glint.console.machine.Machine;
import dev.glint.runtime.engine.Provider;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code classify info}: which model would answer, and what it does to a picture first. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        header = "Prints a model's file, golden samples, preprocessing and labels, what runs it, and the machine.")
final class InfoCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private EngineSettings engineSettings = new EngineSettings();

    @Mixin
    private CommonOptions common = new CommonOptions();

    InfoCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        ModelFile read = model.read(streams);
        Optional<GoldenSamples> golden = GoldenSamples.carriedBy(read);
        try (Model opened = model.open(read, engineSettings, 1, streams)) {
            if (common.json) {
                streams.out().line(json(opened, golden));
            } else {
                lines(opened, golden).forEach(streams.out()::line);
            }
        }
        streams.out().flush();
        return 0;
    }

    private JsonObject json(Model opened, Optional<GoldenSamples> golden) throws IOException {
        Path file = opened.file();
        JsonObject json = new JsonObject();
        json.addProperty("schema", "glint.info/1");
        json.addProperty("model", file.getFileName().toString());
        json.addProperty("bytes", Files.size(file));
        json.addProperty("sha256", Sha256.ofFile(file));
        JsonObject samples = new JsonObject();
        samples.addProperty("samples", golden.map(g -> g.samples().size()).orElse(0));
        golden.ifPresent(g -> samples.addProperty("tolerance", g.tolerance()));
        json.add("golden", samples);
        json.addProperty("version", Versions.glint());
        json.addProperty("engine", opened.engine().name());
        opened.engine().loops().ifPresent(loops -> json.addProperty("loops", loops));
        opened.engine().version().ifPresent(version -> json.addProperty("onnxRuntime", version));
        JsonArray providers = new JsonArray();
        opened.engine().providers().forEach(provider -> providers.add(provider.toString()));
        json.addProperty("provider", engineSettings.provider().toString());
        json.add("providers", providers);
        json.addProperty("java", java());
        json.add("machine", Machine.current().toJson());
        json.add("contract", JsonParser.parseString(opened.contract().toJson()));
        return json;
    }

    private List<String> lines(Model opened, Optional<GoldenSamples> golden) throws IOException {
        Path file = opened.file();
        Machine machine = Machine.current();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("model", file.toString());
        fields.put("bytes", Long.toString(Files.size(file)));
        fields.put("sha256", Sha256.ofFile(file));
        fields.put(
                "golden samples",
                golden.map(g -> g.samples().size() + ", logits within " + Text.shortest(g.tolerance(), 2))
                        .orElse("none"));
        fields.put("classify", Versions.glint());
        fields.put("engine", opened.engine().name());
        opened.engine().loops().ifPresent(loops -> fields.put("loops", loops));
        opened.engine().version().ifPresent(version -> fields.put("ONNX Runtime", version));
        List<Provider> providers = opened.engine().providers();
        fields.put(
                "provider",
                engineSettings.provider() + " of "
                        + providers.stream().map(Provider::toString).collect(Collectors.joining(", ")));
        fields.put("Java", java());
        fields.put("processor", machine.processors() + " x " + machine.processor());
        machine.board().ifPresent(board -> fields.put("board", board));
        fields.put("features", String.join(" ", machine.features()));
        fields.put("system", machine.system());
        // The contract's fields by their names in its JSON form.
        JsonObject json = JsonParser.parseString(opened.contract().toJson()).getAsJsonObject();
        json.asMap().forEach((name, value) -> fields.put(name, value.toString()));
        List<String> labels = opened.contract().labels();
        fields.put("labels", labels.size() + ": " + String.join(", ", labels));
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        return fields.entrySet().stream()
                .map(field -> Text.padded(field.getKey(), width) + "  " + field.getValue())
                .toList();
    }

    /** The virtual machine, or what the native image was made by. */
    private static String java() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
    }
}
