/* x86-64 with AVX-512 and its dot products of bytes (VNNI): Intel from Ice Lake on, AMD from Zen 4 on. */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi2,prefer-vector-width=512")
#include "isa.h"

#include <immintrin.h>
#define LOOP(name) avx512_##name
#define FUSED_MULTIPLY_ADD 1
#include "loops.h"

#define LANES 16
#define WIDE_PIXELS 6
#define TILE_VECTORS 4

static __attribute__((noinline)) void finish_bytes(const struct tile *t, const __v16si *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const __v16si sums = *rows++;
            __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps((__m512i) sums), _mm512_loadu_ps(t->multipliers + v * LANES));
            scaled = _mm512_min_ps(_mm512_max_ps(scaled, _mm512_set1_ps(t->low)), _mm512_set1_ps(t->high));
            const __m512i rounded = _mm512_add_epi32(_mm512_cvtps_epi32(scaled), _mm512_set1_epi32(t->zero));
            const __m128i bytes = _mm512_cvtepi32_epi8(rounded);
            char *output = t->output + m * t->output_stride + v * LANES;
            const int left = t->channels - v * LANES;
            if (left >= LANES) {
                _mm_storeu_si128((__m128i *) output, bytes);
            } else if (left > 0) {
                _mm_mask_storeu_epi8(output, (__mmask16) ((1u << left) - 1), bytes);
            }
        }
    }
}

static __attribute__((noinline)) void finish_floats(const struct tile *t, const __m512 *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const __m512 sums = *rows++;
            const __m512 clamped = _mm512_min_ps(_mm512_max_ps(sums, _mm512_set1_ps(t->low)), _mm512_set1_ps(t->high));
            float *output = (float *) (t->output + m * t->output_stride) + v * LANES;
            const int left = t->channels - v * LANES;
            if (left >= LANES) {
                _mm512_storeu_ps(output, clamped);
            } else if (left > 0) {
                _mm512_mask_storeu_ps(output, (__mmask16) ((1u << left) - 1), clamped);
            }
        }
    }
}

static inline __attribute__((always_inline)) __m512i broadcast(const char *input) {
    int32_t unit;
    __builtin_memcpy(&unit, input, sizeof unit);
    return _mm512_set1_epi32(unit);
}

#define VECTOR __v16si
#define WEIGHTS __m512i
#define INPUT __m512i
#define WEIGHT_BYTES 64
#define LOAD_WEIGHTS(p) _mm512_loadu_si512(p)
#define LOAD_BIAS(t, v) ((__v16si) _mm512_loadu_si512((const int32_t *) (t)->bias + (v) * LANES))
#define MULTIPLY_ADD(s, a, w) ((__v16si) _mm512_dpbusd_epi32((__m512i) (s), a, w))
#define FINISH finish_bytes

#define TILE(name) bytes_##name
#define LOAD_INPUT(p) broadcast(p)
#include "tile.h"
#undef TILE
#undef LOAD_INPUT

/* A byte in each 32 bits, beside three that are 0: the dot product is a product. */
#undef TILE_VECTORS
#define TILE_VECTORS 1
#define TILE(name) depthwise_bytes_##name
#define LOAD_INPUT(p) _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *) (p)))
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

#define VECTOR __m512
#define WEIGHTS __m512
#define INPUT __m512
#define LOAD_WEIGHTS(p) _mm512_loadu_ps(p)
#define LOAD_BIAS(t, v) _mm512_loadu_ps((const float *) (t)->bias + (v) * LANES)
#define MULTIPLY_ADD(s, a, w) _mm512_fmadd_ps(a, w, s)
#define FINISH finish_floats

#define TILE(name) depthwise_floats_##name
#define LOAD_INPUT(p) _mm512_loadu_ps(p)
#include "tile.h"
#undef TILE
#undef LOAD_INPUT

#undef TILE_VECTORS
#define TILE_VECTORS 4
#define TILE(name) floats_##name
#define LOAD_INPUT(p) _mm512_set1_ps(*(const float *) (p))
#include "tile.h"

static int usable(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx2")
            && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}

const struct isa glint_isa_avx512 = {
    .name = "avx512-vnni",
    .usable = usable,
    .byte_rate = 200000,
    .float_rate = 50000,
    .unit_weights = 4,
    .bytes = {
        .lanes = LANES,
        .wide_pixels = WIDE_PIXELS,
        .max_vectors = 4,
        .function = {
            {bytes_wide1, bytes_wide2, bytes_wide4},
            {bytes_four1, bytes_four2, bytes_four4},
            {bytes_one1, bytes_one2, bytes_one4},
        },
        .depthwise = {depthwise_bytes_wide1, depthwise_bytes_four1, depthwise_bytes_one1},
    },
    .floats = {
        .lanes = LANES,
        .wide_pixels = WIDE_PIXELS,
        .max_vectors = 4,
        .function = {
            {floats_wide1, floats_wide2, floats_wide4},
            {floats_four1, floats_four2, floats_four4},
            {floats_one1, floats_one2, floats_one4},
        },
        .depthwise = {depthwise_floats_wide1, depthwise_floats_four1, depthwise_floats_one1},
    },
    LOOPS,
};
#endif
