/*
 * The body of a tile, included once for each kind of arithmetic with these defined:
 *   TILE(name)            name of the functions
 *   WIDE_PIXELS           pixels of the largest tile
 *   VECTOR, WEIGHTS       types of a vector of sums, of weights; INPUT, of activations
 *   WEIGHT_BYTES          bytes of a vector of weights
 *   LOAD_INPUT(p)         activations for one unit
 *   LOAD_WEIGHTS(p)       weights for one unit
 *   LOAD_BIAS(t, v)       what the sums of vector v begin with
 *   MULTIPLY_ADD(s, a, w) sums of vector s
 *   FINISH                a function of the tile, its sums pixel by pixel, how many pixels and how many vectors: stores them
 * All loops but that over the segments have bounds that the compiler knows and are unrolled: the sums live in registers.
 */
static inline __attribute__((always_inline)) void TILE(tile)(const struct tile *t, const int pixels, const int vectors) {
    VECTOR sums[MAX_PIXELS][MAX_VECTORS];
    const char *inputs[MAX_PIXELS];
    const char *panel = t->panel;
#pragma GCC unroll 6
    for (int m = 0; m < pixels; m++) {
        inputs[m] = t->pixels[m];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            sums[m][v] = LOAD_BIAS(t, v);
        }
    }
    for (int s = 0; s < t->segments; s++) {
        const ptrdiff_t end = t->offsets[s] + t->segment_bytes;
        for (ptrdiff_t at = t->offsets[s]; at < end; at += UNIT_BYTES) {
            WEIGHTS weights[MAX_VECTORS];
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) {
                weights[v] = LOAD_WEIGHTS(panel + v * WEIGHT_BYTES);
            }
            panel += vectors * WEIGHT_BYTES;
#pragma GCC unroll 6
            for (int m = 0; m < pixels; m++) {
                const INPUT input = LOAD_INPUT(inputs[m] + at);
#pragma GCC unroll 4
                for (int v = 0; v < vectors; v++) {
                    sums[m][v] = MULTIPLY_ADD(sums[m][v], input, weights[v]);
                }
            }
        }
    }
    VECTOR rows[MAX_PIXELS * MAX_VECTORS];
#pragma GCC unroll 6
    for (int m = 0; m < pixels; m++) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            rows[m * vectors + v] = sums[m][v];
        }
    }
    FINISH(t, rows, pixels, vectors);
}

#include "tile_sizes.h"
