package dev.glint.exporter.cli;

import dev.glint.exporter.folder.Origin;

/** Where an imported model came from. */
final class OriginReport {
    private OriginReport() {}

    /** The same, with what was done and how near it is. */
    static String text(Origin origin) {
        return line(origin) + "; " + String.join("; ", origin.steps()) + "; answers " + origin.proof() + "; SHA-256 "
                + origin.sha256();
    }

    /** {@code model.onnx (pytorch 2.0.1, operator set 10), 12 operators made 9}. */
    static String line(Origin origin) {
        String producer = origin.producer().isEmpty() ? "" : origin.producer() + ", ";
        return origin.file() + " (" + producer + "operator set " + origin.operatorSet() + "), " + origin.nodesBefore()
                + " operators made " + origin.nodesAfter();
    }
}
