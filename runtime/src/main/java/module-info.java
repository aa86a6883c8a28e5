/**
 * Encoded pictures in, predictions out: the preprocessing contract and what executes it, picture decoding, models, their
 * engines and classifiers, evaluation. {@code dev.glint.runtime.file}, {@code decode.common} and the packages of the single picture formats are
 * internal.
 */
module dev.glint.runtime {
    requires com.microsoft.onnxruntime;
    requires transitive com.google.gson;
    requires static transitive org.jspecify;

    exports dev.glint.runtime.bundle;
    exports dev.glint.runtime.contract;
    exports dev.glint.runtime.decode;
    exports dev.glint.runtime.decode.format;
    exports dev.glint.runtime.decode.raw;
    exports dev.glint.runtime.drift;
    exports dev.glint.runtime.engine;
    exports dev.glint.runtime.engine.glint;
    exports dev.glint.runtime.engine.ort;
    exports dev.glint.runtime.evaluate;
    exports dev.glint.runtime.failure;
    exports dev.glint.runtime.frame;
    exports dev.glint.runtime.golden;
    exports dev.glint.runtime.image;
    exports dev.glint.runtime.model;
    exports dev.glint.runtime.onnx;
    exports dev.glint.runtime.trust;
}
