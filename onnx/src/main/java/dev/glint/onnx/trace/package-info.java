/**
 * From a DJL block to an ONNX graph, by recording what the block does to its input. {@code Tracer} runs the block twice on
 * the recording arrays of {@code Proxies}; a {@code Rule} from the {@code RuleBook} writes each call into the {@code
 * Recorder}; {@code BatchMerge} frees what both traces say from the batch size. A new operator is a record of its arguments
 * and a body in one of the classes of rules.
 */
@NullMarked
package dev.glint.onnx.trace;

import org.jspecify.annotations.NullMarked;
