/*
 * The body of a tile for processors that multiply by a lane of a vector, four units in a vector of activations; included as tile.h
 * is, LOAD_INPUT(p) giving four units, LOAD_INPUT_UNIT(p) one in the first lane, and MULTIPLY_ADD(s, a, lane, w).
 */
#define TILE_UNIT(lane) \
    _Pragma("GCC unroll 4") \
    for (int v = 0; v < vectors; v++) { \
        const WEIGHTS weights = LOAD_WEIGHTS(panel + v * WEIGHT_BYTES); \
        _Pragma("GCC unroll 6") \
        for (int m = 0; m < pixels; m++) { \
            sums[m][v] = MULTIPLY_ADD(sums[m][v], units[m], lane, weights); \
        } \
    } \
    panel += vectors * WEIGHT_BYTES; \
    /* Weights are not loaded earlier: there are registers for the sums and for those of one unit, not of four. */ \
    __asm__ volatile("" ::: "memory");

static inline __attribute__((always_inline)) void TILE(tile)(const struct tile *t, const int pixels, const int vectors) {
    VECTOR sums[MAX_PIXELS][MAX_VECTORS];
    INPUT units[MAX_PIXELS];
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
        ptrdiff_t at = t->offsets[s];
        for (; at + 4 * UNIT_BYTES <= end; at += 4 * UNIT_BYTES) {
#pragma GCC unroll 6
            for (int m = 0; m < pixels; m++) {
                units[m] = LOAD_INPUT(inputs[m] + at);
            }
            TILE_UNIT(0)
            TILE_UNIT(1)
            TILE_UNIT(2)
            TILE_UNIT(3)
        }
        for (; at < end; at += UNIT_BYTES) {
#pragma GCC unroll 6
            for (int m = 0; m < pixels; m++) {
                units[m] = LOAD_INPUT_UNIT(inputs[m] + at);
            }
            TILE_UNIT(0)
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
#undef TILE_UNIT

#include "tile_sizes.h"
