package dev.glint.exporter.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Origin;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter inspect}. */
@Command(
        name = "inspect",
        description = "Says what an ONNX file holds: inputs, outputs, operators, contract.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class InspectCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.inspect/1";

    @Parameters(
            paramLabel = "MODEL",
            description = "ONNX file, or a model folder, which stands for what runs by default")
    private Path model = Path.of("");

    @Option(
            names = "--tensors",
            description = "say of each tensor of a quantised model how it becomes integers; --json does so always")
    private boolean tensors;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path file = ModelFolder.select(model);
        OnnxModel read = OnnxReader.read(file);
        Optional<IntegerCoverage> integers = integers(read);
        String found;
        try {
            Optional<Origin> origin = origin(file);
            String table = tensors ? "\n\n" + TensorTable.text(read.graph()) : "";
            found = json
                    ? JsonText.line(json(file, read, integers, origin))
                    : text(file, read, integers, origin) + table;
        } catch (GlintException e) {
            throw e.about(file);
        }
        PrintWriter output = spec.commandLine().getOut();
        output.println(found);
        output.flush();
        return 0;
    }

    /** Where the model of a folder was imported from. */
    private static Optional<Origin> origin(Path file) throws IOException {
        Path manifest = file.resolveSibling(ModelFolder.MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return Optional.empty();
        }
        Manifest read = Manifest.read(manifest);
        return read.variant(file.getFileName().toString()).flatMap(variant -> read.origin());
    }

    private static String text(
            Path file, OnnxModel model, Optional<IntegerCoverage> integers, Optional<Origin> origin) {
        PreprocessContract contract = contract(model);
        List<List<String>> rows = List.of(
                List.of("file", file.toString()),
                List.of("producer", model.producerName() + " " + model.producerVersion()),
                List.of("operator sets", opsets(model)),
                List.of("inputs", values(model.graph().inputs())),
                List.of("outputs", values(model.graph().outputs())),
                List.of("constants", elements(model)),
                List.of("operators", operators(model)),
                List.of("in integers", integers.map(IntegerCoverage::toString).orElse("none, a float model")),
                List.of("labels", contract == null ? "no contract" : String.join(", ", contract.labels())),
                List.of("contract", contract == null ? "none" : contract.toJson()),
                List.of("imported from", origin.map(OriginReport::text).orElse("nothing, a model of Glint's own")));
        return rows.stream()
                .map(row -> String.format(Locale.ROOT, "%-14s %s", row.get(0), row.get(1)))
                .collect(Collectors.joining("\n"));
    }

    private static JsonObject json(
            Path file, OnnxModel model, Optional<IntegerCoverage> integers, Optional<Origin> origin) {
        PreprocessContract contract = contract(model);
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("file", file.toString());
        json.addProperty("producer", model.producerName() + " " + model.producerVersion());
        JsonObject opsets = new JsonObject();
        model.opsets().forEach(opsets::addProperty);
        json.add("operatorSets", opsets);
        json.addProperty("inputs", values(model.graph().inputs()));
        json.addProperty("outputs", values(model.graph().outputs()));
        JsonObject operators = new JsonObject();
        counts(model).forEach(operators::addProperty);
        json.add("operators", operators);
        json.add("integers", integers.map(IntegerCoverage::toJson).orElse(null));
        json.add("tensors", TensorTable.json(model.graph()));
        json.add("contract", contract == null ? null : JsonParser.parseString(contract.toJson()));
        json.add("origin", origin.map(Origin::toJson).orElse(null));
        return json;
    }

    private static @Nullable PreprocessContract contract(OnnxModel model) {
        return PreprocessContract.findInMetadata(model.metadata()::get).orElse(null);
    }

    private static String values(List<ValueInfo> values) {
        return values.stream()
                .map(value -> value.name() + " " + value.type() + (value.shape() == null ? "" : " " + value.shape()))
                .collect(Collectors.joining(", "));
    }

    /** ONNX's own operators have a domain without a name. */
    private static String opsets(OnnxModel model) {
        return joined(model.opsets(), (domain, version) -> (domain.isEmpty() ? "ai.onnx" : domain) + " " + version);
    }

    private static String elements(OnnxModel model) {
        Map<String, Long> elements = new TreeMap<>();
        model.graph()
                .initializers()
                .values()
                .forEach(tensor -> elements.merge(tensor.type().name(), (long) tensor.size(), Long::sum));
        return joined(elements, (type, count) -> count + " " + type);
    }

    private static String operators(OnnxModel model) {
        return joined(counts(model), (op, count) -> count + " " + op);
    }

    /** What ONNX Runtime computes in integers here; empty for a float model. */
    private static Optional<IntegerCoverage> integers(OnnxModel model) throws IOException {
        boolean quantized = model.graph().nodes().stream().anyMatch(node -> node.isOperator("QuantizeLinear"));
        return quantized ? Optional.of(IntegerCoverage.measure(model)) : Optional.empty();
    }

    private static Map<String, Integer> counts(OnnxModel model) {
        Map<String, Integer> operators = new TreeMap<>();
        model.graph().nodes().forEach(node -> operators.merge(node.op(), 1, Integer::sum));
        return operators;
    }

    private static <T> String joined(Map<String, T> map, BiFunction<String, T, String> entry) {
        return map.entrySet().stream()
                .map(e -> entry.apply(e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
