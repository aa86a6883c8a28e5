package dev.glint.exporter.job;

import dev.glint.onnx.quantize.LayerReport;
import dev.glint.onnx.quantize.correct.Correction;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What becomes of the single layers of a model.
 *
 * @param corrections those to try
 * @param nodes which of them may become integers
 * @param search whether layers go back to float if accuracy drops too far
 * @param drafts is told what each variant was written from
 * @param explanation is told how much each errs; empty if nobody asked
 */
public record LayerSettings(
        List<Correction> corrections,
        NodeChoice nodes,
        boolean search,
        Consumer<QuantizationDraft> drafts,
        Optional<Consumer<List<LayerReport>>> explanation) {

    public LayerSettings {
        corrections = List.copyOf(corrections);
    }
}
