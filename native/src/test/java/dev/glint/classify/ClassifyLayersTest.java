package dev.glint.classify;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ClassifyLayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint.classify");

    private static final DescribedPredicate<JavaClass> SERVER_LIBRARIES = resideInAPackage("com.sun.net.httpserver")
            .or(resideInAPackage("io.prometheus.metrics.."))
            .or(resideInAPackage("java.net"));

    @Test
    void classifyNeedsTheRuntimeAndPicocliOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAPackage("dev.glint.classify..")
                        .or(resideInAPackage("dev.glint.console.."))
                        .or(resideInAPackage("dev.glint.runtime.."))
                        .or(resideInAPackage("dev.glint.console"))
                        .or(resideInAPackage("picocli"))
                        .or(resideInAPackage("com.google.gson"))
                        .or(resideInAPackage("org.graalvm.nativeimage.."))
                        .or(resideInAPackage("org.graalvm.word"))
                        .or(resideInAPackage("org.jspecify.annotations"))
                        .or(resideInAPackage("java.lang"))
                        .or(resideInAPackage("java.lang.invoke"))
                        .or(resideInAPackage("java.lang.runtime"))
                        .or(resideInAPackage("java.math"))
                        .or(resideInAPackage("java.nio.."))
                        .or(resideInAPackage("java.io"))
                        .or(resideInAPackage("java.security"))
                        .or(resideInAPackage("java.time.."))
                        .or(resideInAPackage("java.util.."))
                        .or(SERVER_LIBRARIES))
                .because("a small image has no reflection and no AWT")
                .check(CLASSES);
    }

    @Test
    void onlyTheServerKnowsTheNetwork() {
        noClasses()
                .that(resideInAPackage("dev.glint.classify.serve").negate().as("beside dev.glint.classify.serve"))
                .should()
                .dependOnClassesThat(SERVER_LIBRARIES)
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.glint.classify.(**)").should().beFreeOfCycles().check(CLASSES);
        classes()
                .that(resideInAPackage("dev.glint.classify.."))
                .and(resideInAPackage("dev.glint.classify").negate().as("below dev.glint.classify"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("dev.glint.classify").negate().as("not the commands"))
                .because("the commands stand above what they use")
                .check(CLASSES);
    }
}
