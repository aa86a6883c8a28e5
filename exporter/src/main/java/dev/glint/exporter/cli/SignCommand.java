package dev.glint.exporter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.sign.SignJob;
import dev.glint.exporter.sign.SignJob.Signed;
import dev.glint.exporter.sign.SigningKey;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.trust.SignedPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter sign}. */
@Command(
        name = "sign",
        description = {
            "Signs a model: classify --trust takes it as it is, and refuses it if a file was changed, added or removed.",
            "",
            "All files of a folder are signed together, as OpenSSF Model Signing does with a key; the signature is model.sig among"
                    + " them. That of a single file lies beside it, with .sig behind its name."
        },
        footer = {
            "",
            "To make a pair of keys, of which the first stays secret and the second goes onto the devices:",
            "  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sign.key",
            "  openssl pkey -in sign.key -pubout -out sign.pub",
            "P-384 and P-521 will do as well. On a device:",
            "  classify --trust sign.pub --model MODEL picture.png"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SignCommand implements Callable<Integer> {
    private static final String SCHEMA = "glint.exporter.sign/1";

    @Parameters(paramLabel = "MODEL", description = "model folder, or an ONNX file")
    private Path model = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "private key of ECDSA on P-256, P-384 or P-521: PKCS#8 in PEM (BEGIN PRIVATE KEY)")
    private Path key = Path.of("");

    @Option(
            names = "--ignore",
            paramLabel = "PATH",
            description = "file or folder in the model folder that is not signed and may change; may be repeated")
    private List<String> ignored = new ArrayList<>();

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        List<String> paths = ignored.stream().map(SignCommand::pathInFolder).toList();
        return Reporter.run(spec.commandLine(), listener -> {
            SigningKey signingKey = SigningKey.read(key);
            Signed signed = SignJob.run(model, signingKey, paths);
            return json ? JsonText.line(report(signed, signingKey)) : text(signed, signingKey);
        });
    }

    /** Shells complete the name of a folder with a slash. */
    private static String pathInFolder(String named) {
        String path = named.endsWith("/") ? named.substring(0, named.length() - 1) : named;
        if (!SignedPath.isCanonical(path)) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "--ignore " + named,
                    "a path in the model folder, as docs/notes.txt",
                    "write it as seen from the model folder, without . and ..");
        }
        return path;
    }

    private static String text(Signed signed, SigningKey key) {
        int count = signed.statement().digests().size();
        return signed.signature() + ": " + count + (count == 1 ? " file" : " files") + ", root digest "
                + signed.statement().rootDigest() + "\nkey " + key.publicKey().hint();
    }

    private static JsonObject report(Signed signed, SigningKey key) {
        JsonObject report = new JsonObject();
        report.addProperty("schema", SCHEMA);
        report.addProperty("signature", signed.signature().toString());
        report.addProperty("key", key.publicKey().hint());
        report.addProperty("rootDigest", signed.statement().rootDigest());
        JsonArray files = new JsonArray();
        signed.statement().digests().forEach((path, digest) -> {
            JsonObject file = new JsonObject();
            file.addProperty("name", path);
            file.addProperty("sha256", digest);
            files.add(file);
        });
        report.add("files", files);
        return report;
    }
}
