/*
 * The loops in which Glint's own engine spends its time, written once for each family of processors and chosen when the process
 * runs. They are the fast twins of dev.glint.runtime.engine.glint.PortableKernels and give the same bytes; floats are summed in
 * another order. Activations are (H, W, C), bytes unsigned; sizes are checked before they come here.
 */
#ifndef GLINT_KERNELS_H
#define GLINT_KERNELS_H

#include <stdint.h>

/* The sizes of a convolution or a pooling, as Java's ConvolutionShape and Window have them. */
struct glint_shape {
    int32_t height, width, channels;
    int32_t output_height, output_width, output_channels;
    int32_t window_height, window_width;
    int32_t stride_height, stride_width;
    int32_t padding_top, padding_left;
    int32_t dilation_height, dilation_width;
    int32_t groups;
};

struct glint_convolution;

/*
 * Takes loops other than the fastest, by their names; for tests. Returns 0 if this processor or this build has no such loops.
 * Not to be called while a convolution exists.
 */
int glint_kernels_select(const char *name);

/* The name of the loops in use, such as "avx512-vnni". */
const char *glint_kernels_name(void);

/* About how many products of bytes (floats) a core sums in a microsecond: a rough figure to decide by. */
int32_t glint_kernels_byte_rate(void);
int32_t glint_kernels_float_rate(void);

/*
 * Packs a convolution of unsigned bytes with signed weights, (O, C / groups, KH, KW). The sum, times multipliers[o], rounded half to
 * even, plus output_zero, clamped to low..high, is the byte that comes out. Nothing that is given is kept. NULL if there is no
 * memory, or if its vectors would be nearly empty and many.
 */
struct glint_convolution *glint_convolution_of_bytes(const struct glint_shape *shape, const int8_t *weights, const int32_t *bias,
        const float *multipliers, int32_t input_zero, int32_t output_zero, int32_t low, int32_t high);

/* The same in floats: bias + sum, clamped to low..high. */
struct glint_convolution *glint_convolution_of_floats(const struct glint_shape *shape, const float *weights, const float *bias,
        float low, float high);

/* Bytes that a run needs to work in. */
int64_t glint_convolution_workspace(const struct glint_convolution *convolution);

/* Convolves one picture; input and output are bytes or floats, as the convolution is. */
void glint_convolution_run(const struct glint_convolution *convolution, const void *input, void *output, void *workspace);

void glint_convolution_free(struct glint_convolution *convolution);

void glint_max_pool_bytes(const struct glint_shape *shape, const uint8_t *input, uint8_t *output);
void glint_max_pool_floats(const struct glint_shape *shape, const float *input, float *output);

/* clamp(round(fma(a, ratio_a, fma(b, ratio_b, offset))), low, high) */
void glint_add_bytes(const uint8_t *a, const uint8_t *b, uint8_t *output, int32_t count, float ratio_a, float ratio_b, float offset,
        int32_t low, int32_t high);
void glint_add_floats(const float *a, const float *b, float *output, int32_t count, float low, float high);

/* clamp(round(input / scale) + zero, 0, 255) and its reverse. */
void glint_quantize(const float *input, uint8_t *output, int32_t count, float scale, int32_t zero);
void glint_dequantize(const uint8_t *input, float *output, int32_t count, float scale, int32_t zero);

#endif
