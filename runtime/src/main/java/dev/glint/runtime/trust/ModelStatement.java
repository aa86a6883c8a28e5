package dev.glint.runtime.trust;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.runtime.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is signed of a model: the SHA-256 of each of its files. An <a
 * href="https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md">in-toto statement</a> with the predicate of <a
 * href="https://github.com/ossf/model-signing-spec">OpenSSF Model Signing 1.0</a>.
 *
 * @param name the model's, for people
 * @param digests the SHA-256, in lowercase hexadecimal digits, of each file by its path in the model's folder, in the order of the
 *     statement: that of Unicode's code points
 * @param ignored paths in the folder that are not signed, with all that lies in them
 */
public record ModelStatement(String name, Map<String, String> digests, List<String> ignored) {
    /** What the payload of an envelope with a statement is. */
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private static final String TYPE = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";
    private static final String SHA256 = "sha256";
    private static final int DIGEST_DIGITS = 64;

    public ModelStatement {
        Map<String, String> ordered = new TreeMap<>(SignedPath.ORDER);
        digests.forEach((path, digest) -> {
            SignedPath.requireCanonical(path);
            requireDigest(digest);
            ordered.put(path, digest);
        });
        if (ordered.isEmpty()) {
            throw SignatureBundle.invalid("no files");
        }
        digests = Collections.unmodifiableMap(ordered);
        ignored = List.copyOf(ignored);
        ignored.forEach(SignedPath::requireCanonical);
    }

    private static void requireDigest(String digest) {
        boolean hexadecimal = digest.length() == DIGEST_DIGITS
                && digest.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
        if (!hexadecimal) {
            throw SignatureBundle.invalid("a digest that is no SHA-256");
        }
    }

    /** The digest of the whole: the SHA-256 of those of the files, one behind the other. */
    public String rootDigest() {
        return Sha256.ofBytes(HexFormat.of().parseHex(String.join("", digests.values())));
    }

    /** The payload of an envelope: JSON in UTF-8. */
    public byte[] toJson() {
        JsonObject rootDigest = new JsonObject();
        rootDigest.addProperty(SHA256, rootDigest());
        JsonObject subject = new JsonObject();
        subject.addProperty("name", name);
        subject.add("digest", rootDigest);
        JsonArray subjects = new JsonArray();
        subjects.add(subject);
        JsonArray resources = new JsonArray();
        digests.forEach((path, digest) -> {
            JsonObject resource = new JsonObject();
            resource.addProperty("name", path);
            resource.addProperty("algorithm", SHA256);
            resource.addProperty("digest", digest);
            resources.add(resource);
        });
        JsonObject serialization = new JsonObject();
        serialization.addProperty("method", "files");
        serialization.addProperty("hash_type", SHA256);
        serialization.addProperty("allow_symlinks", false);
        JsonArray paths = new JsonArray();
        ignored.forEach(paths::add);
        serialization.add("ignore_paths", paths);
        JsonObject predicate = new JsonObject();
        predicate.add("resources", resources);
        predicate.add("serialization", serialization);
        JsonObject statement = new JsonObject();
        statement.addProperty("_type", TYPE);
        statement.add("subject", subjects);
        statement.addProperty("predicateType", PREDICATE_TYPE);
        statement.add("predicate", predicate);
        return new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(statement)
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the payload of a bundle, whose signature was verified.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if it is no such statement, follows symbolic links, or is of
     *     shards or of another hash than SHA-256
     */
    public static ModelStatement parse(SignatureBundle bundle) {
        require("payload type", PAYLOAD_TYPE, bundle.payloadType());
        JsonObject statement = SignedJson.object(bundle.payload());
        require("statement type", TYPE, SignedJson.text(statement, "_type"));
        require("predicate type", PREDICATE_TYPE, SignedJson.text(statement, "predicateType"));
        JsonObject predicate = SignedJson.object(statement, "predicate");
        JsonObject serialization = SignedJson.object(predicate, "serialization");
        require("serialization method", "files", SignedJson.text(serialization, "method"));
        require("hash", SHA256, SignedJson.text(serialization, "hash_type"));
        if (SignedJson.flag(serialization, "allow_symlinks")) {
            throw SignatureBundle.invalid("one that follows symbolic links");
        }
        JsonArray subjects = SignedJson.array(statement, "subject");
        if (subjects.size() != 1) {
            throw SignatureBundle.invalid(subjects.size() + " subjects");
        }
        JsonObject subject = SignedJson.asObject(subjects.get(0));
        ModelStatement read =
                new ModelStatement(SignedJson.text(subject, "name"), digests(predicate), ignored(serialization));
        require("root digest", read.rootDigest(), SignedJson.text(SignedJson.object(subject, "digest"), SHA256));
        return read;
    }

    private static Map<String, String> digests(JsonObject predicate) {
        Map<String, String> digests = new TreeMap<>(SignedPath.ORDER);
        for (JsonElement element : SignedJson.array(predicate, "resources")) {
            JsonObject resource = SignedJson.asObject(element);
            require("hash", SHA256, SignedJson.text(resource, "algorithm"));
            String path = SignedJson.text(resource, "name");
            if (digests.put(path, SignedJson.text(resource, "digest")) != null) {
                throw SignatureBundle.invalid("the file " + path + " twice");
            }
        }
        return digests;
    }

    private static List<String> ignored(JsonObject serialization) {
        return serialization.has("ignore_paths")
                ? SignedJson.array(serialization, "ignore_paths").asList().stream()
                        .map(SignedJson::asText)
                        .toList()
                : List.of();
    }

    private static void require(String what, String expected, String found) {
        if (!found.equals(expected)) {
            throw SignatureBundle.invalid("the " + what + " " + found + " instead of " + expected);
        }
    }

    /** Whether a path in the folder is not signed, whatever lies there. */
    boolean ignores(String path) {
        return SignedPath.USUALLY_IGNORED.contains(path) || ignored.contains(path);
    }
}
