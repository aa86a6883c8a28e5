/* Any x86-64. Bytes are widened to 16 bits, where no sum saturates. */
#if defined(__x86_64__)
#include "isa.h"

#include <emmintrin.h>
#define LOOP(name) sse2_##name
#define FUSED_MULTIPLY_ADD 0
#include "loops.h"

#define LANES 4
#define WIDE_PIXELS 6
#define TILE_VECTORS 2

static __attribute__((noinline)) void finish_bytes(const struct tile *t, const __m128i *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const __m128i sums = *rows++;
            __m128 scaled = _mm_mul_ps(_mm_cvtepi32_ps(sums), _mm_loadu_ps(t->multipliers + v * LANES));
            scaled = _mm_min_ps(_mm_max_ps(scaled, _mm_set1_ps(t->low)), _mm_set1_ps(t->high));
            const __m128i rounded = _mm_add_epi32(_mm_cvtps_epi32(scaled), _mm_set1_epi32(t->zero));
            const __m128i shorts = _mm_packs_epi32(rounded, rounded);
            const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(shorts, shorts));
            char *output = t->output + m * t->output_stride + v * LANES;
            const int left = t->channels - v * LANES;
            if (left >= LANES) {
                __builtin_memcpy(output, &bytes, LANES);
            } else {
                for (int i = 0; i < left; i++) {
                    output[i] = (char) (bytes >> 8 * i);
                }
            }
        }
    }
}

static __attribute__((noinline)) void finish_floats(const struct tile *t, const __m128 *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const __m128 sums = *rows++;
            const __m128 clamped = _mm_min_ps(_mm_max_ps(sums, _mm_set1_ps(t->low)), _mm_set1_ps(t->high));
            float *output = (float *) (t->output + m * t->output_stride) + v * LANES;
            const int left = t->channels - v * LANES;
            if (left >= LANES) {
                _mm_storeu_ps(output, clamped);
            } else {
                float values[LANES];
                _mm_storeu_ps(values, clamped);
                for (int i = 0; i < left; i++) {
                    output[i] = values[i];
                }
            }
        }
    }
}

static inline __attribute__((always_inline)) __m128i broadcast(const char *input) {
    int32_t unit;
    __builtin_memcpy(&unit, input, sizeof unit);
    return _mm_set1_epi32(unit);
}

static inline __attribute__((always_inline)) __m128i widened(const char *input) {
    int32_t bytes;
    __builtin_memcpy(&bytes, input, sizeof bytes);
    const __m128i none = _mm_setzero_si128();
    return _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), none), none);
}

#define VECTOR __m128i
#define WEIGHTS __m128i
#define INPUT __m128i
#define WEIGHT_BYTES 16
#define LOAD_WEIGHTS(p) _mm_loadu_si128((const __m128i *) (p))
#define LOAD_BIAS(t, v) _mm_loadu_si128((const __m128i *) (t)->bias + (v))
#define MULTIPLY_ADD(s, a, w) _mm_add_epi32(s, _mm_madd_epi16(a, w))
#define FINISH finish_bytes

#define TILE(name) bytes_##name
#define LOAD_INPUT(p) broadcast(p)
#include "tile.h"
#undef TILE
#undef LOAD_INPUT

/* A short in each 32 bits, beside one that is 0. */
#undef TILE_VECTORS
#define TILE_VECTORS 1
#define TILE(name) depthwise_bytes_##name
#define LOAD_INPUT(p) widened(p)
#include "tile.h"
#undef TILE
#undef LOAD_INPUT
#undef VECTOR
#undef WEIGHTS
#undef INPUT
#undef LOAD_WEIGHTS
#undef LOAD_BIAS
#undef MULTIPLY_ADD
#undef FINISH

#define VECTOR __m128
#define WEIGHTS __m128
#define INPUT __m128
#define LOAD_WEIGHTS(p) _mm_loadu_ps((const float *) (p))
#define LOAD_BIAS(t, v) _mm_loadu_ps((const float *) (t)->bias + (v) * LANES)
#define MULTIPLY_ADD(s, a, w) _mm_add_ps(s, _mm_mul_ps(a, w))
#define FINISH finish_floats

#define TILE(name) depthwise_floats_##name
#define LOAD_INPUT(p) _mm_loadu_ps((const float *) (p))
#include "tile.h"
#undef TILE
#undef LOAD_INPUT

#undef TILE_VECTORS
#define TILE_VECTORS 2
#define TILE(name) floats_##name
#define LOAD_INPUT(p) _mm_set1_ps(*(const float *) (p))
#include "tile.h"

static int usable(void) {
    return 1;
}

const struct isa glint_isa_sse2 = {
    .name = "sse2",
    .usable = usable,
    .byte_rate = 38000,
    .float_rate = 16000,
    .unit_weights = 2,
    .short_inputs = 1,
    .short_weights = 1,
    .bytes = {
        .lanes = LANES,
        .wide_pixels = WIDE_PIXELS,
        .max_vectors = 2,
        .function = {
            {bytes_wide1, bytes_wide2},
            {bytes_four1, bytes_four2},
            {bytes_one1, bytes_one2},
        },
        .depthwise = {depthwise_bytes_wide1, depthwise_bytes_four1, depthwise_bytes_one1},
    },
    .floats = {
        .lanes = LANES,
        .wide_pixels = WIDE_PIXELS,
        .max_vectors = 2,
        .function = {
            {floats_wide1, floats_wide2},
            {floats_four1, floats_four2},
            {floats_one1, floats_one2},
        },
        .depthwise = {depthwise_floats_wide1, depthwise_floats_four1, depthwise_floats_one1},
    },
    LOOPS,
};
#endif
