package dev.glint.runtime;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** What the runtime may lean on: the JDK without AWT, network and reflection, ONNX Runtime, one JSON library. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint.runtime");

    @Test
    void leansOnNothingElse() {
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glint.runtime..",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.io",
                        "java.nio..",
                        "java.util..",
                        "java.security",
                        "ai.onnxruntime",
                        "com.google.gson..",
                        "org.jspecify.annotations")
                .because("it goes into a native image and onto a device")
                .check(MAIN);
    }

    @Test
    void onlyTheClassifierKnowsOnnxRuntime() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage("dev.glint.runtime.decode..", "dev.glint.runtime.resize..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "com.google.gson..")
                .check(MAIN);
    }

    @Test
    void formatsDoNotKnowEachOther() {
        slices().matching("dev.glint.runtime.decode.(*)..")
                .should()
                .notDependOnEachOther()
                .check(MAIN);
    }
}
