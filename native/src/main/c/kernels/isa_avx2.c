/*
 * x86-64 with AVX2 and FMA: Intel from Haswell on, AMD from Zen on. Bytes are widened to 16 bits, where no sum saturates. And with
 * dot products of bytes (AVX-VNNI), as Intel's small cores have them from Gracemont on.
 */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#include "isa.h"

#include <immintrin.h>
#define LOOP(name) avx2_##name
#define FUSED_MULTIPLY_ADD 1
#include "loops.h"

#define LANES 8
#define WIDE_PIXELS 6
#define TILE_VECTORS 2

static __attribute__((noinline)) void finish_bytes(const struct tile *t, const __m256i *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const __m256i sums = *rows++;
            __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), _mm256_loadu_ps(t->multipliers + v * LANES));
            scaled = _mm256_min_ps(_mm256_max_ps(scaled, _mm256_set1_ps(t->low)), _mm256_set1_ps(t->high));
            const __m256i rounded = _mm256_add_epi32(_mm256_cvtps_epi32(scaled), _mm256_set1_epi32(t->zero));
            const __m128i shorts = _mm_packs_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
            const int64_t bytes = _mm_cvtsi128_si64(_mm_packus_epi16(shorts, shorts));
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

static __attribute__((noinline)) void finish_floats(const struct tile *t, const __m256 *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const __m256 sums = *rows++;
            const __m256 clamped = _mm256_min_ps(_mm256_max_ps(sums, _mm256_set1_ps(t->low)), _mm256_set1_ps(t->high));
            float *output = (float *) (t->output + m * t->output_stride) + v * LANES;
            const int left = t->channels - v * LANES;
            if (left >= LANES) {
                _mm256_storeu_ps(output, clamped);
            } else if (left > 0) {
                const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
                _mm256_maskstore_ps(output, _mm256_cmpgt_epi32(_mm256_set1_epi32(left), lane), clamped);
            }
        }
    }
}

static inline __attribute__((always_inline)) __m256i broadcast(const char *input) {
    int32_t unit;
    __builtin_memcpy(&unit, input, sizeof unit);
    return _mm256_set1_epi32(unit);
}

#define VECTOR __m256i
#define WEIGHTS __m256i
#define INPUT __m256i
#define LOAD_BIAS(t, v) _mm256_loadu_si256((const __m256i *) (t)->bias + (v))
#define FINISH finish_bytes

/* With AVX512_FOR_AVX_VNNI the same product under its older name, for processors that have that alone: to try the tiles. */
#pragma GCC push_options
#if AVX512_FOR_AVX_VNNI
#pragma GCC target("avx512vl,avx512vnni")
#define DOT_FEATURE "avx512vnni"
#define MULTIPLY_ADD(s, a, w) _mm256_dpbusd_epi32(s, a, w)
#else
#pragma GCC target("avxvnni")
#define DOT_FEATURE "avxvnni"
#define MULTIPLY_ADD(s, a, w) _mm256_dpbusd_avx_epi32(s, a, w)
#endif
#define TILE(name) dot_##name
#define WEIGHT_BYTES 32
#define LOAD_INPUT(p) broadcast(p)
#define LOAD_WEIGHTS(p) _mm256_loadu_si256((const __m256i *) (p))
#include "tile.h"
#undef TILE
#undef WEIGHT_BYTES
#undef LOAD_INPUT
#undef LOAD_WEIGHTS
#undef MULTIPLY_ADD
#pragma GCC pop_options

#define MULTIPLY_ADD(s, a, w) _mm256_add_epi32(s, _mm256_madd_epi16(a, w))

#define TILE(name) bytes_##name
#define WEIGHT_BYTES 16
#define LOAD_INPUT(p) broadcast(p)
#define LOAD_WEIGHTS(p) _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *) (p)))
#include "tile.h"
#undef TILE
#undef WEIGHT_BYTES
#undef LOAD_INPUT
#undef LOAD_WEIGHTS

/* A short in each 32 bits, beside one that is 0. */
#undef TILE_VECTORS
#define TILE_VECTORS 1
#define TILE(name) depthwise_bytes_##name
#define WEIGHT_BYTES 32
#define LOAD_INPUT(p) _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *) (p)))
#define LOAD_WEIGHTS(p) _mm256_loadu_si256((const __m256i *) (p))
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

#define VECTOR __m256
#define WEIGHTS __m256
#define INPUT __m256
#define LOAD_WEIGHTS(p) _mm256_loadu_ps((const float *) (p))
#define LOAD_BIAS(t, v) _mm256_loadu_ps((const float *) (t)->bias + (v) * LANES)
#define MULTIPLY_ADD(s, a, w) _mm256_fmadd_ps(a, w, s)
#define FINISH finish_floats

#define TILE(name) depthwise_floats_##name
#define LOAD_INPUT(p) _mm256_loadu_ps((const float *) (p))
#include "tile.h"
#undef TILE
#undef LOAD_INPUT

#undef TILE_VECTORS
#define TILE_VECTORS 2
#define TILE(name) floats_##name
#define LOAD_INPUT(p) _mm256_set1_ps(*(const float *) (p))
#include "tile.h"

static int usable(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int usable_dot(void) {
    return usable() && __builtin_cpu_supports(DOT_FEATURE);
}

#define TILES(kind, name) \
    .kind = { \
        .lanes = LANES, \
        .wide_pixels = WIDE_PIXELS, \
        .max_vectors = 2, \
        .function = { \
            {name##_wide1, name##_wide2}, \
            {name##_four1, name##_four2}, \
            {name##_one1, name##_one2}, \
        }, \
        .depthwise = {depthwise_##kind##_wide1, depthwise_##kind##_four1, depthwise_##kind##_one1}, \
    }

const struct isa glint_isa_avx_vnni = {
    .name = "avx-vnni",
    .usable = usable_dot,
    .byte_rate = 100000,
    .float_rate = 45000,
    .unit_weights = 4,
    TILES(bytes, dot),
    TILES(floats, floats),
    LOOPS,
};

const struct isa glint_isa_avx2 = {
    .name = "avx2",
    .usable = usable,
    .byte_rate = 80000,
    .float_rate = 45000,
    .unit_weights = 2,
    .short_inputs = 1,
    TILES(bytes, bytes),
    TILES(floats, floats),
    LOOPS,
};
#endif
