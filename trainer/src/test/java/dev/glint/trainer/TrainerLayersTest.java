package dev.glint.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and those inside this one. */
class TrainerLayersTest {
    private static final JavaClasses GLINT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint");

    @Test
    void theRuntimeAndTheConsoleKnowNothingOfTheTrainer() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.glint.runtime..", "dev.glint.console..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.glint.trainer..", "ai.djl..")
                .check(GLINT);
    }

    @Test
    void theTrainerNeedsRuntimeConsoleAndDjlAndNoEngineByName() {
        classes()
                .that()
                .resideInAPackage("dev.glint.trainer..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glint.trainer..",
                        "dev.glint.console..",
                        "dev.glint.onnx..",
                        "dev.glint.runtime..",
                        "java..",
                        "javax.imageio..",
                        "ai.djl",
                        "ai.djl.engine..",
                        "ai.djl.ndarray..",
                        "ai.djl.nn..",
                        "ai.djl.training..",
                        "ai.djl.util..",
                        "com.google.gson..",
                        "com.sun.jna..",
                        "com.google.protobuf..",
                        "de.bwaldvogel.liblinear..",
                        "picocli..",
                        "org.jspecify..")
                .check(GLINT);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.glint.trainer.(**)").should().beFreeOfCycles().check(GLINT);
    }

    /** Each floor sees those below it, and its own rooms in the order of the list. */
    @Test
    void noPackageSeesOneAboveIt() {
        List<String> floors = List.of(
                "engine",
                "augment",
                "tensorboard",
                "pickle",
                "weights.safetensors",
                "weights.torch",
                "weights.block",
                "weights",
                "recipe",
                "model",
                "data",
                "preset",
                "qat",
                "fit",
                "run",
                "baseline",
                "report",
                "cli");
        for (int i = 0; i < floors.size(); i++) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.glint.trainer." + floors.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(floors.subList(i + 1, floors.size()).stream()
                            .map(above -> "dev.glint.trainer." + above)
                            .toArray(String[]::new))
                    .check(GLINT);
        }
        Set<String> inhabited = GLINT.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("dev.glint.trainer."))
                .map(name -> name.substring("dev.glint.trainer.".length()))
                .collect(Collectors.toSet());
        assertEquals(Set.copyOf(floors), inhabited, "a package without a floor");
    }

    @Test
    void nothingButTheCommandLineUsesPicocli() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.trainer..")
                .and()
                .resideOutsideOfPackage("dev.glint.trainer.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(GLINT);
    }

    @Test
    void nothingButTheBaselinesUsesLiblinear() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.trainer..")
                .and()
                .resideOutsideOfPackage("dev.glint.trainer.baseline..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("de.bwaldvogel..")
                .check(GLINT);
    }

    @Test
    void nothingButTheEventFilesUsesProtobuf() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.trainer..")
                .and()
                .resideOutsideOfPackage("dev.glint.trainer.tensorboard..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.protobuf..")
                .check(GLINT);
    }

    @Test
    void onlyWritingPicturesTouchesAwt() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.trainer..")
                .and()
                .doNotHaveSimpleName("PictureFolder")
                .and()
                .doNotHaveFullyQualifiedName("dev.glint.trainer.report.Picture")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..")
                .check(GLINT);
    }
}
