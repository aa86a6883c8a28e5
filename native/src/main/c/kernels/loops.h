/*
 * Loops over plain arrays, left to the compiler's vectors: included once for each family of processors, with LOOP(name) for their
 * names and FUSED_MULTIPLY_ADD where the processor has one.
 */
#include <math.h>

/* Halves round to even; for values that fit: adding 1.5 * 2^23 leaves no bits behind the point. */
static inline __attribute__((always_inline)) int32_t rounded(float value) {
    const float magic = 12582912.0f;
    union {
        float value;
        int32_t bits;
    } shifted = {value + magic};
    return shifted.bits - 0x4b400000;
}

/* What is not a number becomes low. */
static inline __attribute__((always_inline)) float clamped(float value, float low, float high) {
    value = value > low ? value : low;
    return value < high ? value : high;
}

/* Rows or columns of a window that lie in the input: first to last, exclusive. */
static inline void LOOP(clip)(int64_t origin, int64_t dilation, int64_t size, int64_t extent, int64_t *first, int64_t *end) {
    *first = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
    const int64_t fit = origin >= extent ? 0 : (extent - 1 - origin) / dilation + 1;
    *end = fit < size ? fit : size;
}

#define MAX_POOL(name, type, lowest) \
    static void LOOP(name)(const struct glint_shape *s, const type *input, type *output) { \
        const int64_t channels = s->channels; \
        for (int64_t row = 0; row < s->output_height; row++) { \
            const int64_t y = row * s->stride_height - s->padding_top; \
            int64_t first_i, end_i; \
            LOOP(clip)(y, s->dilation_height, s->window_height, s->height, &first_i, &end_i); \
            for (int64_t column = 0; column < s->output_width; column++, output += channels) { \
                const int64_t x = column * s->stride_width - s->padding_left; \
                int64_t first_j, end_j; \
                LOOP(clip)(x, s->dilation_width, s->window_width, s->width, &first_j, &end_j); \
                for (int64_t c = 0; c < channels; c++) { \
                    output[c] = lowest; \
                } \
                for (int64_t i = first_i; i < end_i; i++) { \
                    for (int64_t j = first_j; j < end_j; j++) { \
                        const type *restrict values \
                                = input + ((y + i * s->dilation_height) * s->width + x + j * s->dilation_width) * channels; \
                        type *restrict most = output; \
                        for (int64_t c = 0; c < channels; c++) { \
                            most[c] = most[c] > values[c] ? most[c] : values[c]; \
                        } \
                    } \
                } \
            } \
        } \
    }

MAX_POOL(max_pool_bytes, uint8_t, 0)
MAX_POOL(max_pool_floats, float, -INFINITY)

static int32_t LOOP(sum_bytes)(const int8_t *values, int64_t count) {
    int32_t sum = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum;
}

static void LOOP(widen)(const uint8_t *restrict input, int16_t *restrict output, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        output[i] = input[i];
    }
}

#if FUSED_MULTIPLY_ADD
#define FUSED(a, b, c) __builtin_fmaf(a, b, c)
#else
/* As PortableKernels does: the product of a byte and a float is exact in a double. */
#define FUSED(a, b, c) ((float) ((double) (a) * (b) + (c)))
#endif

static void LOOP(add_bytes)(const uint8_t *a, const uint8_t *b, uint8_t *output, int32_t count, float ratio_a, float ratio_b,
        float offset, int32_t low, int32_t high) {
    const float least = (float) low;
    const float most = (float) high;
    /* The output may be one of the inputs, which the compiler's vectors do not mind: element by element. */
#pragma GCC ivdep
    for (int32_t i = 0; i < count; i++) {
        const float sum = FUSED((float) a[i], ratio_a, FUSED((float) b[i], ratio_b, offset));
        output[i] = (uint8_t) rounded(clamped(sum, least, most));
    }
}

static void LOOP(add_floats)(const float *a, const float *b, float *output, int32_t count, float low, float high) {
#pragma GCC ivdep
    for (int32_t i = 0; i < count; i++) {
        output[i] = clamped(a[i] + b[i], low, high);
    }
}

static void LOOP(quantize)(const float *restrict input, uint8_t *restrict output, int32_t count, float scale, int32_t zero) {
    const float low = (float) -zero;
    const float high = (float) (255 - zero);
    for (int32_t i = 0; i < count; i++) {
        output[i] = (uint8_t) (rounded(clamped(input[i] / scale, low, high)) + zero);
    }
}

static void LOOP(dequantize)(const uint8_t *restrict input, float *restrict output, int32_t count, float scale, int32_t zero) {
    for (int32_t i = 0; i < count; i++) {
        output[i] = (float) (input[i] - zero) * scale;
    }
}

#define LOOPS \
    .max_pool_bytes = LOOP(max_pool_bytes), .max_pool_floats = LOOP(max_pool_floats), .sum_bytes = LOOP(sum_bytes), .widen = LOOP(widen), .add_bytes = LOOP(add_bytes), \
    .add_floats = LOOP(add_floats), .quantize = LOOP(quantize), .dequantize = LOOP(dequantize)
