/* A convolution made ready: where its activations lie for the tiles, and its weights in the order in which they read them. */
#ifndef GLINT_CONVOLUTION_H
#define GLINT_CONVOLUTION_H

#include "isa.h"

enum layout {
    DIRECT, /* tiles read the input where it is */
    ROWS,   /* some rows of the input are copied with their padding around them */
    PATCHES /* what each of some pixels sees is copied: for windows far larger than what is in them */
};

struct glint_convolution {
    const struct isa *isa;
    const struct tiles *tiles;
    struct glint_shape shape;
    int floats;
    int depthwise;
    enum layout layout;

    /* Of one activation, as given and as tiles read it. */
    ptrdiff_t input_bytes, element_bytes;
    /* Groups as tiles know them: for depthwise tiles a vector of channels each. */
    int64_t groups, group_inputs, group_outputs;

    /* What a tile reads behind each pixel. */
    int segments;
    ptrdiff_t segment_bytes;
    ptrdiff_t *offsets;

    /* Where the pixels lie, and how many rows (ROWS) or pixels (PATCHES) are copied at a time. */
    ptrdiff_t pixel_pitch, row_pitch;
    int64_t region_width;
    int64_t pass;
    int64_t workspace;

    /* Bytes from one vector of output channels to the next, and from one group to the next. */
    ptrdiff_t vector_bytes, group_bytes;
    char *panels;
    char *bias;
    float *multipliers;
    float low, high;
    int32_t input_zero, output_zero;
};

/* Vectors that hold the output channels of a group. */
static inline int64_t group_vectors(const struct glint_convolution *c) {
    return (c->group_outputs + c->tiles->lanes - 1) / c->tiles->lanes;
}

/* Of so many vectors, those that the next panel holds: a power of 2. */
static inline int panel_vectors(const struct glint_convolution *c, int64_t left) {
    int vectors = c->tiles->max_vectors;
    while (vectors > left) {
        vectors /= 2;
    }
    return vectors;
}

/* Decides on the layout. */
void glint_convolution_plan(struct glint_convolution *c);

/* Writes panels, bias and multipliers. */
void glint_convolution_pack_bytes(struct glint_convolution *c, const int8_t *weights, const int32_t *bias, const float *multipliers);
void glint_convolution_pack_floats(struct glint_convolution *c, const float *weights, const float *bias);

#endif
