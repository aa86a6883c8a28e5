package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bill of materials of a package, and the licences that are listed in it. */
class PackageBomTest {
    private static final Path PACKAGING = SharedData.projectRoot().resolve("native/src/packaging");
    private static final String LIBRARY = """
            {"type": "library", "group": "%s", "name": "%s", "version": "%s",
             "hashes": [{"alg": "SHA-256", "content": "00"}], "licenses": [{"license": {"id": "%s"}}]}""";

    @TempDir
    private Path folder;

    private Path module;

    @BeforeEach
    void aPackage() throws IOException {
        module = Files.writeString(
                folder.resolve("module.json"),
                "{\"metadata\": {\"component\": {\"version\": \"1.2\"}}, \"components\": ["
                        + LIBRARY.formatted("info.picocli", "picocli", "4.7", "Apache-2.0") + ","
                        + LIBRARY.formatted("com.microsoft.onnxruntime", "onnxruntime", "1.28.0", "MIT") + "]}");
        Files.writeString(folder.resolve("classify"), "a binary");
        Files.writeString(Files.createDirectories(folder.resolve("lib")).resolve("libonnxruntime.so"), "a library");
        Files.writeString(Files.createDirectories(folder.resolve("model")).resolve("int8.onnx"), "a model");
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"25\"\nJAVA_RUNTIME_VERSION=\"25.0.3+9-LTS\"\n");
    }

    @Test
    void itNamesWhatIsPackedWithItsDigests() throws IOException {
        JsonObject bom = read(PackageBom.whole(module, folder, folder, true));

        JsonObject binary = bom.getAsJsonObject("metadata").getAsJsonObject("component");
        assertEquals("1.2", binary.get("version").getAsString());
        assertEquals(Sha256.ofFile(folder.resolve("classify")), digest(binary));
        Map<String, JsonObject> components = components(bom);
        assertEquals("4.7", components.get("picocli").get("version").getAsString());
        assertEquals(
                "25.0.3+9-LTS",
                components.get("OpenJDK and SubstrateVM").get("version").getAsString());
        JsonObject libraries = components.get("onnxruntime");
        assertFalse(libraries.has("hashes"), "the jar is not in the package");
        assertEquals(
                Sha256.ofFile(folder.resolve("lib/libonnxruntime.so")),
                digest(components(libraries).get("lib/libonnxruntime.so")));
        assertEquals(
                Sha256.ofFile(folder.resolve("model/int8.onnx")),
                digest(components(components.get("cifar10-small-vgg")).get("model/int8.onnx")));
        components.values().forEach(component -> assertTrue(component.has("licenses"), component.toString()));
    }

    @Test
    void aPackageWithoutOnnxRuntimeDoesNotNameIt() throws IOException {
        String bom = PackageBom.whole(module, folder, folder, false);

        assertFalse(bom.contains("onnxruntime"), bom);
        assertTrue(components(read(bom)).containsKey("picocli"), bom);
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws IOException {
        assertEquals(PackageBom.whole(module, folder, folder, true), PackageBom.whole(module, folder, folder, true));
    }

    @Test
    void licencesOfWhatIsCompiledInAreListed() throws IOException {
        String modules = Files.readString(SharedData.projectRoot().resolve("native/pom.xml"))
                + Files.readString(SharedData.projectRoot().resolve("runtime/pom.xml"))
                + Files.readString(SharedData.projectRoot().resolve("console/pom.xml"));
        Map<String, String> listed = Map.of(
                "info.picocli", "picocli",
                "com.google.code.gson", "Gson",
                "io.prometheus", "Prometheus",
                "com.microsoft.onnxruntime", "onnxruntime",
                "org.graalvm.sdk", "SubstrateVM");
        String packed = Files.readString(PACKAGING.resolve("licences.txt"));
        String debian = Files.readString(PACKAGING.resolve("copyright"));
        for (String part : modules.split("<dependency>")) {
            if (part.startsWith("<?xml") || part.contains("<scope>test</scope>")) {
                continue;
            }
            String group = part.replaceAll("(?s).*?<groupId>(.*?)</groupId>.*", "$1");
            if (!group.equals("dev.glint") && !part.contains("jmh") && !part.contains("junit")) {
                assertTrue(listed.containsKey(group), group + " is not known; list its licence, then name it here");
                assertTrue(debian.contains(listed.get(group)), group + " is missing in copyright");
                assertTrue(
                        group.contains("onnxruntime") || packed.contains(listed.get(group)),
                        group + " is missing in licences.txt");
            }
        }
    }

    private static JsonObject read(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static Map<String, JsonObject> components(JsonObject parent) {
        Map<String, JsonObject> components = new LinkedHashMap<>();
        for (JsonElement one : parent.getAsJsonArray("components")) {
            components.put(one.getAsJsonObject().get("name").getAsString(), one.getAsJsonObject());
        }
        return components;
    }

    private static String digest(JsonObject component) {
        return component
                .getAsJsonArray("hashes")
                .get(0)
                .getAsJsonObject()
                .get("content")
                .getAsString();
    }
}
