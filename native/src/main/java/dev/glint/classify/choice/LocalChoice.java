package dev.glint.classify.choice;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which variant of a model folder runs on this machine, and in which engine, when nobody says so. Model folders may be root's and
 * signed, so it is kept in the user's settings (XDG Base Directory Specification), under the SHA-256 of the folder's manifest:
 * for another model, or the same one exported again, nothing is known.
 *
 * @param file a file's name in the model folder
 * @param ortFrom from how many pictures in one process on ONNX Runtime is done before Glint's own engine: 0 if always, {@link
 *     Long#MAX_VALUE} if never
 */
public record LocalChoice(String file, long ortFrom) {
    private static final String SCHEMA = "glint.choice/1";
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NAME = 255;

    public LocalChoice {
        if (!file.endsWith(".onnx") || file.length() > MAX_NAME || !isName(file) || ortFrom < 0) {
            throw new IllegalArgumentException("the file " + file + ", ONNX Runtime from " + ortFrom);
        }
    }

    /** Whether it leads nowhere but into the folder. */
    private static boolean isName(String text) {
        return text.indexOf('/') < 0 && text.indexOf('\0') < 0;
    }

    /**
     * What is kept for a model folder. Costs a look at one folder where nothing was ever kept.
     *
     * @param environment the variables that say where settings lie
     * @throws GlintException ({@code INPUT}) naming the file if it is not what {@link #save} writes, or names no file of the
     *     folder
     */
    public static Optional<LocalChoice> find(Path model, Map<String, String> environment) {
        Optional<Path> kept = folder(environment).filter(Files::isDirectory);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> file = key(model).map(key -> kept.get().resolve(key)).filter(Files::exists);
        return file.map(path -> read(path, model));
    }

    private static LocalChoice read(Path file, Path model) {
        try {
            JsonObject json = JsonParser.parseString(new String(bytes(file), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            if (!field(json, "schema").getAsString().equals(SCHEMA)) {
                throw new IllegalArgumentException("another schema");
            }
            LocalChoice choice = new LocalChoice(
                    field(json, "file").getAsString(),
                    field(json, "ortFrom").getAsBigDecimal().longValueExact());
            if (!Files.isRegularFile(model.resolve(choice.file))) {
                throw new IllegalArgumentException("no " + choice.file + " in " + model);
            }
            return choice;
        } catch (IOException
                | JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | UnsupportedOperationException
                | StackOverflowError e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no valid choice of a variant (" + e.getMessage() + ")",
                            "what classify bench --save writes",
                            "write it again, or remove it")
                    .about(file);
        }
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }

    /**
     * Keeps it for a model folder, in place of an earlier one.
     *
     * @param reason why it is this one, for who reads the file
     * @return the file
     * @throws GlintException ({@code INPUT}) if nobody says where settings lie or they cannot be written, ({@code MODEL}) if
     *     the folder has no manifest
     */
    public Path save(Path model, Map<String, String> environment, String reason) {
        Path folder = folder(environment)
                .orElseThrow(() -> GlintException.failure(
                                Reason.INPUT,
                                "neither XDG_CONFIG_HOME nor HOME in the environment",
                                "a place for settings",
                                "set one of them")
                        .about("--save"));
        String key = key(model)
                .orElseThrow(() -> GlintException.failure(
                                Reason.MODEL,
                                "no " + ModelFolder.MANIFEST,
                                "a model folder as exporter export writes it, whose manifest tells it from others",
                                "export the model again, or leave out --save")
                        .about(model));
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("model", model.toAbsolutePath().normalize().toString());
        json.addProperty("file", file);
        json.addProperty("ortFrom", ortFrom);
        json.addProperty("reason", reason);
        Path target = folder.resolve(key);
        try {
            AtomicFile.write(target, json + "\n");
        } catch (IOException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no way to write it (" + FileFailure.why(e) + ")",
                            "a file among the settings",
                            "set XDG_CONFIG_HOME to a folder that can be written")
                    .causedBy(e)
                    .about(target);
        }
        return target;
    }

    /** Where choices are kept; relative paths in the environment do not count, as the specification says. */
    private static Optional<Path> folder(Map<String, String> environment) {
        String settings = environment.getOrDefault("XDG_CONFIG_HOME", "");
        if (settings.startsWith("/")) {
            return Optional.of(Path.of(settings, "glint", "models"));
        }
        String home = environment.getOrDefault("HOME", "");
        return home.startsWith("/") ? Optional.of(Path.of(home, ".config", "glint", "models")) : Optional.empty();
    }

    /** The name of a model folder's file among the choices; empty if it has no manifest that can be read. */
    private static Optional<String> key(Path model) {
        Path manifest = model.resolve(ModelFolder.MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Sha256.ofBytes(bytes(manifest)) + ".json");
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }
}
