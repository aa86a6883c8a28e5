package dev.glint.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and those inside this one. */
class TrainerLayersTest {
    private static final JavaClasses GLINT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint");

    @Test
    void theRuntimeKnowsNothingOfTheTrainer() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.glint.trainer..", "ai.djl..")
                .check(GLINT);
    }

    @Test
    void theTrainerNeedsTheRuntimeAndDjlAndNoEngineByName() {
        classes()
                .that()
                .resideInAPackage("dev.glint.trainer..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glint.trainer..",
                        "dev.glint.runtime..",
                        "dev.glint.console..",
                        "java..",
                        "javax.imageio..",
                        "ai.djl",
                        "ai.djl.engine..",
                        "ai.djl.ndarray..",
                        "ai.djl.nn..",
                        "ai.djl.training..",
                        "ai.djl.util..",
                        "com.google.gson..",
                        "com.google.protobuf..",
                        "de.bwaldvogel.liblinear..",
                        "me.tongfei.progressbar..",
                        "picocli..",
                        "org.jspecify..")
                .check(GLINT);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.glint.trainer.(**)").should().beFreeOfCycles().check(GLINT);
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
