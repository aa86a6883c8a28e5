/** The safetensors format: named tensors in a file, which is checked before it is believed. */
@NullMarked
package dev.glint.trainer.weights.safetensors;

import org.jspecify.annotations.NullMarked;
