package dev.glint.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import com.google.gson.JsonObject;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What embedders get on the module path. */
class RuntimeModuleTest {
    private static final String NAME = "dev.glint.runtime";

    /** The JDK's, and what the descriptor passes on. */
    private static final List<String> KNOWN_ELSEWHERE = List.of("java.", "com.google.gson", "org.jspecify.annotations");

    /** For those who run ONNX Runtime themselves, and so require its module: a process has one environment. */
    private static final String ENVIRONMENT = "dev.glint.runtime.engine.ort.OnnxRuntime.environment() uses ";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(NAME);

    private static Set<String> exported() throws IOException {
        try (InputStream in = Files.newInputStream(place(ImageDecoder.class).resolve("module-info.class"))) {
            return ModuleDescriptor.read(in).exports().stream()
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void whatIsPublicSpeaksOfExportedTypesOnly() throws IOException {
        Set<String> exported = exported();
        Set<String> hidden = new TreeSet<>();
        for (JavaClass type : MAIN) {
            if (exported.contains(type.getPackageName()) && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                for (JavaMethod method : type.getMethods()) {
                    if (method.getModifiers().contains(JavaModifier.PUBLIC)) {
                        method.getAllInvolvedRawTypes().stream()
                                .map(JavaClass::getBaseComponentType)
                                .filter(used -> !used.isPrimitive() && !exported.contains(used.getPackageName()))
                                .filter(used -> KNOWN_ELSEWHERE.stream().noneMatch(used.getName()::startsWith))
                                .forEach(used -> hidden.add(method.getFullName() + " uses " + used.getName()));
                    }
                }
            }
        }
        hidden.removeIf(use -> use.startsWith(ENVIRONMENT));
        assertEquals(Set.of(), hidden);
        assertTrue(exported.contains("dev.glint.runtime.contract"), exported::toString);
    }

    @Test
    void formatsAndFilesAreInternal() throws IOException {
        Set<String> internal =
                MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        internal.removeAll(exported());

        assertTrue(
                internal.containsAll(
                        Stream.of("file", "decode.common", "decode.png", "decode.jpeg", "decode.bmp", "decode.pnm")
                                .map(name -> NAME + "." + name)
                                .toList()),
                internal::toString);
    }

    /** As on a module path: with Gson, and with ONNX Runtime as an automatic module. */
    @Test
    void resolvesAndDecodesAsAModule() throws ReflectiveOperationException {
        ModuleFinder finder =
                ModuleFinder.of(place(ImageDecoder.class), place(JsonObject.class), place(OrtEnvironment.class));
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration = boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(NAME));
        ClassLoader loader = boot.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader())
                .findLoader(NAME);

        Class<?> decoder = loader.loadClass(ImageDecoder.class.getName());
        Class<?> options = loader.loadClass("dev.glint.runtime.decode.format.DecodeOptions");
        byte[] png = PngFile.of(SyntheticPictures.noise(4, 3, Image.Mode.RGB));
        Object image = decoder.getMethod("decode", byte[].class, options)
                .invoke(null, png, options.getMethod("defaults").invoke(null));

        assertEquals(NAME, decoder.getModule().getName());
        assertSame(decoder.getModule(), image.getClass().getModule());
        assertEquals(4, image.getClass().getMethod("width").invoke(image));
    }

    private static Path place(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
}
