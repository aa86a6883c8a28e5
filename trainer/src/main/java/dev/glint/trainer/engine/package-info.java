/** libtorch below DJL: how it is found and set up, the device, numbers on it. */
@NullMarked
package dev.glint.trainer.engine;

import org.jspecify.annotations.NullMarked;
