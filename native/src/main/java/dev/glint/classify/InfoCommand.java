package dev.glint.classify;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.console.Versions;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.engine.ort.OnnxRuntime;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code classify info}: which model would answer, and what it does to a picture first. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        header = "Prints a model's file, input, preprocessing and labels.")
final class InfoCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    InfoCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        Path file = model.file(streams.environment());
        try (Model opened = model.open(file)) {
            if (common.json) {
                streams.out().line(json(file, opened.contract()));
            } else {
                lines(file, opened.contract()).forEach(streams.out()::line);
            }
        }
        streams.out().flush();
        return 0;
    }

    private static JsonObject json(Path file, PreprocessContract contract) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("schema", "glint.info/1");
        json.addProperty("model", file.getFileName().toString());
        json.addProperty("bytes", Files.size(file));
        json.addProperty("version", Versions.glint());
        json.addProperty("onnxRuntime", OnnxRuntime.version());
        json.add("contract", JsonParser.parseString(contract.toJson()));
        return json;
    }

    /** The contract's fields by their names in its JSON form. */
    private static List<String> lines(Path file, PreprocessContract contract) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("model", file.toString());
        fields.put("bytes", Long.toString(Files.size(file)));
        fields.put("classify", Versions.glint());
        fields.put("ONNX Runtime", OnnxRuntime.version());
        JsonObject json = JsonParser.parseString(contract.toJson()).getAsJsonObject();
        json.asMap().forEach((name, value) -> fields.put(name, value.toString()));
        fields.put("labels", contract.labels().size() + ": " + String.join(", ", contract.labels()));
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        return fields.entrySet().stream()
                .map(field -> Text.padded(field.getKey(), width) + "  " + field.getValue())
                .toList();
    }
}
