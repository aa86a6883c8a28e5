package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.glint.trainer.data.Labels;
import java.util.function.Function;

/**
 * A batch on its way into a model. Its arrays are made when they are asked for, on the device of the manager that is
 * given, which then owns them.
 *
 * @param labels the pictures' classes, for the host
 * @param input makes the (N, C, H, W) pictures, whose values lie in memory as (N, H, W, C)
 * @param classes makes the (N, 1) first classes, 64-bit integers
 */
record InputBatch(Labels labels, Function<NDManager, NDArray> input, Function<NDManager, NDArray> classes) {}
