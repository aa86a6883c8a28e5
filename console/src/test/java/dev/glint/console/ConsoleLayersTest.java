package dev.glint.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the commands share stands above the runtime and below the commands, and fits into a small image. */
class ConsoleLayersTest {
    private static final JavaClasses GLINT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint");

    @Test
    void theConsoleNeedsFailuresJsonAndPicocliOnly() {
        classes()
                .that()
                .resideInAPackage("dev.glint.console..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glint.console..",
                        "dev.glint.runtime.failure",
                        "picocli",
                        "com.google.gson",
                        "org.jspecify.annotations",
                        "java.io",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.math",
                        "java.nio..",
                        "java.util..")
                .because("the device's binary holds it")
                .check(GLINT);
    }

    @Test
    void theRuntimeKnowsNothingOfIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.glint.console..")
                .check(GLINT);
    }

    @Test
    void onlyTheSetUpKnowsPicocli() {
        noClasses()
                .that()
                .resideInAPackage("dev.glint.console..")
                .and()
                .doNotBelongToAnyOf(CommandSetup.class, DebugOption.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli")
                .check(GLINT);
    }
}
