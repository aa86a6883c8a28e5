/*
 * What a family of processors brings: tiles, in which a few pixels times a few vectors of output channels are summed in
 * registers, and loops over plain arrays.
 *
 * A tile reads activations in units of 4 bytes (4 bytes, 2 shorts or 1 float) at the same offsets behind each of its pixels, and
 * weights one after another from a panel: for each unit, vectors of output channels that hold as many weights as a unit has
 * activations.
 */
#ifndef GLINT_ISA_H
#define GLINT_ISA_H

#include "kernels.h"

#include <stddef.h>

#define MAX_PIXELS 6
#define MAX_VECTORS 4
#define MAX_LANES 16
#define UNIT_BYTES 4
/* A tile may read so far behind the last activation that counts. */
#define SLACK_BYTES 64

struct tile {
    const char *pixels[MAX_PIXELS];
    const ptrdiff_t *offsets; /* of the segments: runs of units without a gap */
    int segments;
    ptrdiff_t segment_bytes;
    const char *panel;
    const void *bias;         /* int32_t or float, for whole vectors */
    const float *multipliers; /* bytes only */
    char *output;             /* of the first pixel */
    ptrdiff_t output_stride;  /* bytes from pixel to pixel */
    int channels;             /* that may be written, at least 1 */
    float low, high;          /* bytes: with the zero point taken off */
    int32_t zero;
};

typedef void (*tile_function)(const struct tile *);

/* Tiles of so many pixels... */
enum { WIDE, FOUR, ONE, HEIGHTS };

/* ...and 1 << i vectors. */
struct tiles {
    int lanes;       /* output channels of a vector */
    int wide_pixels; /* pixels of a WIDE tile */
    int max_vectors;
    tile_function function[HEIGHTS][3];
    tile_function depthwise[HEIGHTS]; /* a vector of channels, activations by the vector */
};

struct isa {
    const char *name;
    int (*usable)(void);
    int32_t byte_rate, float_rate;
    int unit_weights;  /* bytes: weights in a unit, 4 or 2 */
    int short_inputs;  /* activations are widened to 16 bits before a tile sees them */
    int short_weights; /* and so are weights */
    int signed_inputs; /* activations become signed by 128 less, but for depthwise tiles */
    int planar;        /* a vector of weights holds the first of every channel, then the second */
    struct tiles bytes, floats;
    void (*max_pool_bytes)(const struct glint_shape *shape, const uint8_t *input, uint8_t *output);
    void (*max_pool_floats)(const struct glint_shape *shape, const float *input, float *output);
    int32_t (*sum_bytes)(const int8_t *values, int64_t count);
    void (*widen)(const uint8_t *input, int16_t *output, int32_t count);
    void (*add_bytes)(const uint8_t *a, const uint8_t *b, uint8_t *output, int32_t count, float ratio_a, float ratio_b, float offset,
            int32_t low, int32_t high);
    void (*add_floats)(const float *a, const float *b, float *output, int32_t count, float low, float high);
    void (*quantize)(const float *input, uint8_t *output, int32_t count, float scale, int32_t zero);
    void (*dequantize)(const uint8_t *input, float *output, int32_t count, float scale, int32_t zero);
};

extern const struct isa glint_isa_sse2;
extern const struct isa glint_isa_avx2;
extern const struct isa glint_isa_avx_vnni;
extern const struct isa glint_isa_avx512;
extern const struct isa glint_isa_neon;
extern const struct isa glint_isa_neon_dot;

/* The loops in use. */
const struct isa *glint_isa(void);

#endif
