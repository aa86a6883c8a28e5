package dev.glint.runtime;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the runtime may lean on: the JDK without AWT, network and reflection, ONNX Runtime, one JSON library; and its floors. */
class RuntimeLayersTest {
    private static final String ROOT = "dev.glint.runtime.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint.runtime");

    /** From the ground up; {@code ..} takes the packages below in. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("failure", "file"),
            List.of("image"),
            List.of("decode.format", "decode.common"),
            List.of("decode.png", "decode.jpeg", "decode.bmp", "decode.pnm", "decode.raw"),
            List.of("decode", "onnx"),
            List.of("contract", "frame", "bundle", "trust"),
            List.of("engine"),
            List.of("engine.ort", "engine.glint"),
            List.of("model"),
            List.of("golden", "drift"),
            List.of("evaluate"));

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
                        "java.math",
                        "java.nio..",
                        "java.util..",
                        "java.security..",
                        "ai.onnxruntime",
                        "com.google.gson..",
                        "org.jspecify.annotations")
                .because("it goes into a native image and onto a device")
                .check(MAIN);
    }

    @Test
    void eachFloorSeesOnlyThoseBelowIt() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            String[] here = packages(FLOORS.subList(floor, floor + 1));
            String[] above = packages(FLOORS.subList(floor + 1, FLOORS.size()));
            if (above.length > 0) {
                ArchRuleDefinition.noClasses()
                        .that()
                        .resideInAnyPackage(here)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above)
                        .check(MAIN);
            }
        }
    }

    @Test
    void everyPackageHasItsFloor() {
        String[] known = packages(FLOORS);
        ArchRuleDefinition.classes().should().resideInAnyPackage(known).check(MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.glint.runtime.(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void onlyOneEngineKnowsOnnxRuntime() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("dev.glint.runtime.engine.ort")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..")
                .check(MAIN);
    }

    @Test
    void formatsDoNotKnowEachOther() {
        slices().matching("dev.glint.runtime.decode.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                                "dev.glint.runtime.decode.format", "dev.glint.runtime.decode.common"))
                .check(MAIN);
    }

    private static String[] packages(List<List<String>> floors) {
        return floors.stream()
                .flatMap(List::stream)
                .flatMap(name -> Stream.of(ROOT + name))
                .toArray(String[]::new);
    }
}
