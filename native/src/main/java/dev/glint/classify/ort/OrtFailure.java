package dev.glint.classify.ort;

/** What ONNX Runtime says when a call fails, in the words of its Java classes. */
final class OrtFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code OrtErrorCode} in onnxruntime_c_api.h. */
    private static final String[] CODES = {
        "ORT_OK",
        "ORT_FAIL",
        "ORT_INVALID_ARGUMENT",
        "ORT_NO_SUCHFILE",
        "ORT_NO_MODEL",
        "ORT_ENGINE_ERROR",
        "ORT_RUNTIME_EXCEPTION",
        "ORT_INVALID_PROTOBUF",
        "ORT_MODEL_LOADED",
        "ORT_NOT_IMPLEMENTED",
        "ORT_INVALID_GRAPH",
        "ORT_EP_FAIL"
    };

    OrtFailure(int code, String message) {
        super("Error code - " + (code >= 0 && code < CODES.length ? CODES[code] : Integer.toString(code))
                + " - message: " + message);
    }
}
