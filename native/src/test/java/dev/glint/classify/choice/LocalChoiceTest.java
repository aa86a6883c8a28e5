package dev.glint.classify.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalChoiceTest {
    private static final LocalChoice CHOICE = new LocalChoice("fp32.onnx", 58);

    @TempDir
    private Path folder;

    private Path model;
    private Map<String, String> environment;

    @BeforeEach
    void makeModel() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("manifest.json"), "{}");
        Files.writeString(model.resolve("fp32.onnx"), "");
        environment = Map.of("XDG_CONFIG_HOME", folder.resolve("settings").toString(), "HOME", "/nowhere");
    }

    @Test
    void whatWasKeptIsFound() {
        assertEquals(Optional.empty(), LocalChoice.find(model, environment));

        Path file = CHOICE.save(model, environment, "it is fastest");

        assertEquals(folder.resolve("settings/glint/models"), file.getParent());
        assertEquals(Optional.of(CHOICE), LocalChoice.find(model, environment));
    }

    @Test
    void settingsLieInTheHomeByDefault() {
        Map<String, String> home = Map.of("HOME", folder.toString(), "XDG_CONFIG_HOME", "relative");

        Path file = CHOICE.save(model, home, "it is fastest");

        assertEquals(folder.resolve(".config/glint/models"), file.getParent());
        assertEquals(Optional.of(CHOICE), LocalChoice.find(model, home));
        assertEquals(Optional.empty(), LocalChoice.find(model, Map.of()));
    }

    @Test
    void anotherModelHasNone() throws IOException {
        CHOICE.save(model, environment, "it is fastest");

        Files.writeString(model.resolve("manifest.json"), "{ }");

        assertEquals(Optional.empty(), LocalChoice.find(model, environment));
        Files.delete(model.resolve("manifest.json"));
        assertEquals(Optional.empty(), LocalChoice.find(model, environment));
    }

    @Test
    void theSameModelInAnotherPlaceHasIt() throws IOException {
        CHOICE.save(model, environment, "it is fastest");
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.writeString(copy.resolve("manifest.json"), "{}");
        Files.writeString(copy.resolve("fp32.onnx"), "");

        assertEquals(Optional.of(CHOICE), LocalChoice.find(copy, environment));
    }

    @Test
    void aVariantThatIsGoneIsNoChoice() throws IOException {
        Path file = CHOICE.save(model, environment, "it is fastest");
        Files.delete(model.resolve("fp32.onnx"));

        GlintException failure = assertThrows(GlintException.class, () -> LocalChoice.find(model, environment));

        assertEquals(Reason.INPUT, failure.reason());
        assertTrue(failure.getMessage().startsWith(file + ": found no valid choice of a variant (no fp32.onnx in "));
    }

    @ValueSource(strings = {"fp32 (copy).onnx", "k\u00fcche.onnx", "_.onnx", ".onnx", "a\\b\nc.onnx"})
    @ParameterizedTest
    void aFileMayHaveAnyName(String name) throws IOException {
        Files.writeString(model.resolve(name), "");
        LocalChoice choice = new LocalChoice(name, 0);

        choice.save(model, environment, "it is fastest");

        assertEquals(Optional.of(choice), LocalChoice.find(model, environment));
    }

    @Test
    void theLongestNameOfAFileIsKept() throws IOException {
        aFileMayHaveAnyName("a".repeat(250) + ".onnx");
    }

    @ValueSource(
            strings = {
                "",
                "[]",
                "[[[[",
                "{\"schema\":\"glint.choice/1\",\"file\":\"fp32.onnx\"}",
                "{\"schema\":\"glint.choice/2\",\"file\":\"fp32.onnx\",\"ortFrom\":1}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"../model/fp32.onnx\",\"ortFrom\":1}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"/etc/passwd\",\"ortFrom\":1}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"fp32\\u0000.onnx\",\"ortFrom\":1}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"manifest.json\",\"ortFrom\":1}",
                "{\"schema\":\"glint.choice/1\",\"file\":[\"fp32.onnx\",\"fp32.onnx\"],\"ortFrom\":1}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"fp32.onnx\",\"ortFrom\":-1}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"fp32.onnx\",\"ortFrom\":1.5}",
                "{\"schema\":\"glint.choice/1\",\"file\":\"fp32.onnx\",\"ortFrom\":\"often\"}"
            })
    @ParameterizedTest
    void whatIsNoneIsRefused(String content) throws IOException {
        Path file = CHOICE.save(model, environment, "it is fastest");
        Files.writeString(file, content);

        GlintException failure = assertThrows(GlintException.class, () -> LocalChoice.find(model, environment));

        assertEquals(Reason.INPUT, failure.reason());
    }

    @Test
    void itIsKeptOnlyWhereThatMakesSense() throws IOException {
        GlintException homeless =
                assertThrows(GlintException.class, () -> CHOICE.save(model, Map.of(), "it is fastest"));
        assertEquals(Reason.INPUT, homeless.reason());

        Files.writeString(folder.resolve("settings"), "a file in the way");
        GlintException blocked = assertThrows(GlintException.class, () -> CHOICE.save(model, environment, "so"));
        assertEquals(Reason.INPUT, blocked.reason());

        Files.delete(model.resolve("manifest.json"));
        GlintException unknown = assertThrows(GlintException.class, () -> CHOICE.save(model, environment, "so"));
        assertEquals(Reason.MODEL, unknown.reason());
    }
}
