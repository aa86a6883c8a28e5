package dev.glint.classify;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a package holds, as a CycloneDX 1.6 bill of materials: the binary and what is compiled into it, ONNX Runtime's
 * libraries and the model, with the SHA-256 of each file.
 *
 * @see <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6, JSON</a>
 */
final class PackageBom {
    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final String ONNX_RUNTIME = "onnxruntime";

    private final JsonObject module;
    private final Path files;

    private PackageBom(JsonObject module, Path files) {
        this.module = module;
        this.files = files;
    }

    /** Of the module's bill of materials, the folder of the package and GraalVM's home, writes that of the packages. */
    public static void main(String[] args) throws IOException {
        Path files = Path.of(args[1]);
        Path graalVm = Path.of(args[2]);
        Files.writeString(files.resolve("bom.cdx.json"), whole(Path.of(args[0]), files, graalVm, true));
        Path tiny = Files.createDirectories(Path.of(args[3]));
        Files.writeString(tiny.resolve("bom.cdx.json"), whole(Path.of(args[0]), files, graalVm, false));
    }

    /**
     * The document.
     *
     * @param module the bill of materials of the Java module
     * @param files what is packed
     * @param graalVm the home of the GraalVM that made the binary
     * @param onnxRuntime whether its libraries are packed, too
     */
    static String whole(Path module, Path files, Path graalVm, boolean onnxRuntime) throws IOException {
        PackageBom bom =
                new PackageBom(JsonParser.parseString(Files.readString(module)).getAsJsonObject(), files);
        return JSON.toJson(bom.document(graalVm, onnxRuntime)) + "\n";
    }

    private JsonObject document(Path graalVm, boolean onnxRuntime) throws IOException {
        JsonObject document = new JsonObject();
        document.addProperty("bomFormat", "CycloneDX");
        document.addProperty("specVersion", "1.6");
        document.addProperty("version", 1);
        JsonObject described = module.getAsJsonObject("metadata").getAsJsonObject("component");
        JsonObject binary =
                component("application", "classify", described.get("version").getAsString(), "Apache-2.0");
        binary.add("hashes", hashes(files.resolve("classify")));
        JsonObject metadata = new JsonObject();
        metadata.add("component", binary);
        document.add("metadata", metadata);
        JsonArray components = new JsonArray();
        for (JsonElement dependency : module.getAsJsonArray("components")) {
            JsonObject library = dependency.getAsJsonObject();
            if (!library.get("name").getAsString().equals(ONNX_RUNTIME)) {
                components.add(library);
            } else if (onnxRuntime) {
                components.add(withLibraries(library));
            }
        }
        components.add(javaRuntime(graalVm));
        components.add(model());
        document.add("components", components);
        return document;
    }

    /** Of ONNX Runtime the package has the libraries that lie in the jar, and not its classes. */
    private JsonObject withLibraries(JsonObject jar) throws IOException {
        JsonObject library = jar.deepCopy();
        library.remove("hashes");
        JsonArray parts = new JsonArray();
        for (Path file : sorted(files.resolve("lib"), ".so")) {
            JsonObject part = new JsonObject();
            part.addProperty("type", "file");
            part.addProperty("name", "lib/" + file.getFileName());
            part.add("hashes", hashes(file));
            parts.add(part);
        }
        library.add("components", parts);
        return library;
    }

    /** What native-image compiles into each binary: the classes of the JDK, the garbage collector, threads. */
    private static JsonObject javaRuntime(Path graalVm) throws IOException {
        String version = Files.readAllLines(graalVm.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_RUNTIME_VERSION="))
                .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                .findFirst()
                .orElseThrow(() -> new IOException(graalVm + "/release names no JAVA_RUNTIME_VERSION"));
        JsonObject runtime =
                component("library", "OpenJDK and SubstrateVM", version, "GPL-2.0-only WITH Classpath-exception-2.0");
        runtime.addProperty("description", "GraalVM's runtime and the parts of the JDK that the binary uses");
        return runtime;
    }

    private JsonObject model() throws IOException {
        JsonObject model = component("machine-learning-model", "cifar10-small-vgg", "1", "Apache-2.0");
        JsonArray parts = new JsonArray();
        for (Path file : sorted(files.resolve("model"), ".onnx")) {
            JsonObject part = new JsonObject();
            part.addProperty("type", "file");
            part.addProperty("name", "model/" + file.getFileName());
            part.add("hashes", hashes(file));
            parts.add(part);
        }
        model.add("components", parts);
        return model;
    }

    private static List<Path> sorted(Path folder, String end) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private static JsonObject component(String type, String name, String version, String licence) {
        JsonObject component = new JsonObject();
        component.addProperty("type", type);
        component.addProperty("name", name);
        component.addProperty("version", version);
        JsonObject expression = new JsonObject();
        expression.addProperty("expression", licence);
        JsonArray licences = new JsonArray();
        licences.add(expression);
        component.add("licenses", licences);
        return component;
    }

    private static JsonArray hashes(Path file) throws IOException {
        JsonObject hash = new JsonObject();
        hash.addProperty("alg", "SHA-256");
        hash.addProperty("content", Sha256.ofFile(file));
        JsonArray hashes = new JsonArray();
        hashes.add(hash);
        return hashes;
    }
}
