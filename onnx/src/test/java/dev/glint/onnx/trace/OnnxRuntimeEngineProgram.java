package dev.glint.onnx.trace;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import java.util.Locale;

/** Opens a file in DJL's own ONNX Runtime engine, and prints what it makes of two pictures of ones, a logit a line. */
final class OnnxRuntimeEngineProgram {
    private OnnxRuntimeEngineProgram() {}

    public static void main(String... arguments) throws Exception {
        Criteria<NDList, NDList> criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(Path.of(arguments[0]))
                .optEngine("OnnxRuntime")
                .build();
        try (ZooModel<NDList, NDList> model = criteria.loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor()) {
            NDList pictures = new NDList(model.getNDManager().ones(new Shape(2, 3, 8, 8)));
            for (float logit : predictor.predict(pictures).singletonOrThrow().toFloatArray()) {
                System.out.printf(Locale.ROOT, "%.8f%n", logit);
            }
        }
    }
}
