@NullMarked
package dev.glint.classify.kernels;

import org.jspecify.annotations.NullMarked;
