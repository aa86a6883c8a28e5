package dev.glint.exporter;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** What the exporter may lean on, and how its packages stand on each other. */
class ExporterLayersTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint");

    @Test
    void arrowsPointToTrainerAndRuntimeOnly() {
        ArchRuleDefinition.classes()
                .that()
                .resideInAPackage("dev.glint.exporter..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glint.exporter..",
                        "dev.glint.onnx..",
                        "dev.glint.trainer..",
                        "dev.glint.runtime..",
                        "dev.glint.console..",
                        "java..",
                        "ai.djl..",
                        "ai.onnx.proto",
                        "ai.onnxruntime..",
                        "com.google.protobuf",
                        "com.google.gson..",
                        "org.jspecify.annotations",
                        "picocli")
                .check(MAIN);
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage("dev.glint.trainer..", "dev.glint.onnx..", "dev.glint.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.glint.exporter..")
                .check(MAIN);
    }

    @Test
    void picturesAreDecodedByTheRuntimeAndNothingIsFetched() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("dev.glint.exporter..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..", "java.net..")
                .check(MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.glint.exporter.(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void packagesStandOnEachOtherInOneOrder() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.glint.exporter..")
                .layer("verify")
                .definedBy("..exporter.verify..")
                .layer("adopt")
                .definedBy("..exporter.adopt..")
                .layer("folder")
                .definedBy("..exporter.folder..")
                .layer("bench")
                .definedBy("..exporter.bench..")
                .layer("sign")
                .definedBy("..exporter.sign..")
                .layer("job")
                .definedBy("..exporter.job..")
                .layer("cli")
                .definedBy("..exporter.cli..", "dev.glint.exporter")
                .whereLayer("verify")
                .mayOnlyBeAccessedByLayers("folder", "job", "cli")
                .whereLayer("adopt")
                .mayOnlyBeAccessedByLayers("folder", "job", "cli")
                .whereLayer("folder")
                .mayOnlyBeAccessedByLayers("job", "cli")
                .whereLayer("bench")
                .mayOnlyBeAccessedByLayers("job", "cli")
                .whereLayer("sign")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("cli")
                .check(MAIN);
    }
}
