/**
 * The loops of Glint's own engine in C ({@code src/main/c/kernels}), linked into the image: fast twins of those in plain Java.
 *
 * <p>Why C: Java's Vector API has no dot product of bytes, so bytes go through floats (exact up to 518 products), and its code is
 * bound to the vectors that the image was built for. SmallVGG's second convolution in int8 (37.7 million products, one Zen 4 core)
 * takes 0.17 ms in C with VNNI and 0.44 ms with AVX2, chosen when the process runs, the first call included. With the Vector API it
 * takes 0.94 ms (512 bits) or 0.98 (256) on a warm JVM 25, 23 ms the first time, and 322 ms in an image made for the same processor,
 * whose compiler did not keep the vectors in registers. From the image, C gives the figures that it gives by itself. Measured by
 * {@code native/benchmarks/kernels bench}, all of SmallVGG's convolutions, one thread:
 *
 * <pre>
 * loops                      int8                fp32
 * AVX-512 with VNNI    0.69 ms 221 G/s     2.7 ms 56 G/s
 * AVX2                 1.9 ms   82 G/s     2.9 ms 52 G/s
 * SSE2                 3.9 ms   39 G/s     8.2 ms 19 G/s
 * </pre>
 */
@NullMarked
package dev.glint.classify.kernels;

import org.jspecify.annotations.NullMarked;
