package dev.glint.onnx;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** What the library may lean on, and how its packages stand on each other. */
class OnnxLayersTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.glint.onnx");

    @Test
    void arrowsPointToTheRuntimeOnly() {
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glint.onnx..",
                        "dev.glint.runtime..",
                        "java..",
                        "ai.djl..",
                        "ai.onnx.proto",
                        "ai.onnxruntime",
                        "ai.onnxruntime.platform",
                        "com.google.protobuf",
                        "com.google.gson..",
                        "org.jspecify.annotations")
                .check(MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.glint.onnx.(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void packagesStandOnEachOtherInOneOrder() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.glint.onnx..")
                .layer("graph")
                .definedBy("..onnx.graph..")
                .layer("inference")
                .definedBy("..onnx.inference..")
                .layer("trace")
                .definedBy("..onnx.trace..")
                .layer("pass")
                .definedBy("..onnx.pass..")
                .layer("shape")
                .definedBy("..onnx.shape..")
                .layer("opset")
                .definedBy("..onnx.opset..")
                .layer("foreign")
                .definedBy("..onnx.foreign..")
                .layer("normalize")
                .definedBy("..onnx.normalize..")
                .layer("scheme")
                .definedBy("..quantize.scheme..")
                .layer("plan")
                .definedBy("..quantize.plan..")
                .layer("calibrate")
                .definedBy("..quantize.calibrate..")
                .layer("write")
                .definedBy("..quantize.write..")
                .layer("check")
                .definedBy("..quantize.check..")
                .layer("correct")
                .definedBy("..quantize.correct..")
                .layer("quantize")
                .definedBy("dev.glint.onnx.quantize")
                .whereLayer("trace")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("shape")
                .mayOnlyBeAccessedByLayers("pass", "opset", "normalize", "plan")
                .whereLayer("opset")
                .mayOnlyBeAccessedByLayers("normalize")
                .whereLayer("foreign")
                .mayOnlyBeAccessedByLayers("normalize")
                .whereLayer("normalize")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("quantize")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("correct")
                .mayOnlyBeAccessedByLayers("quantize")
                .whereLayer("check")
                .mayOnlyBeAccessedByLayers("correct", "quantize")
                .whereLayer("write")
                .mayOnlyBeAccessedByLayers("correct", "quantize")
                .whereLayer("calibrate")
                .mayOnlyBeAccessedByLayers("check", "correct", "quantize")
                .whereLayer("plan")
                .mayOnlyBeAccessedByLayers("write", "check", "correct", "quantize")
                .whereLayer("scheme")
                .mayOnlyBeAccessedByLayers("plan", "calibrate", "write", "check", "correct", "quantize")
                .check(MAIN);
    }
}
