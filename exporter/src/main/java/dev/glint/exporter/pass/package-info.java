/** Named rewrites of a graph, one class each, that leave what it computes the same. */
@NullMarked
package dev.glint.exporter.pass;

import org.jspecify.annotations.NullMarked;
