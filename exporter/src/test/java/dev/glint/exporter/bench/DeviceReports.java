package dev.glint.exporter.bench;

/** What {@code classify bench --json} prints on a device. */
public final class DeviceReports {
    private DeviceReports() {}

    /** Of a board with two variants, and an accuracy of each. */
    public static String raspberryPi() {
        return """
                {"schema":"glint.bench/1","classify":"0.1.0","java":"Substrate VM 25","onnxRuntime":"1.28.0",\
                "machine":{"processor":"Cortex-A76","board":"Raspberry Pi 5","processors":4,"features":["asimddp"],\
                "system":"Linux 6.6 aarch64"},"before":{"load":0.1},"after":{},"throttled":true,\
                "threads":1,"warmup":20,"runs":200,"processes":3,"picture":"noise of 32x32",\
                "recommendation":{"model":"int8.onnx","engine":"ort","maxDropPoints":0.5,\
                "reason":"int8.onnx: 2.00 times as fast as fp32","refusals":[]},"variants":[
                {"model":"fp32.onnx","engine":"ort","sha256":"ab","bytes":4000,"p50Nanos":4000000,"p95Nanos":5000000,\
                "p99Nanos":6000000,"firstInferenceNanos":7000000,"sessionCreationNanos":8000000,"processNanos":9000000,\
                "peakResidentBytes":30000000,"accuracy":0.920000,"correct":920,"pictures":1000},
                {"model":"int8.onnx","engine":"ort","sha256":"cd","bytes":1000,"p50Nanos":2000000,"p95Nanos":2000000,\
                "p99Nanos":2000000,"firstInferenceNanos":2000000,"sessionCreationNanos":2000000,"processNanos":2000000,\
                "accuracy":0.915000,"correct":915,"pictures":1000}
                ]}
                """;
    }
}
