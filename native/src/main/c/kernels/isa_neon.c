/*
 * 64-bit ARM: any (Cortex-A53, A72), bytes widened to 16 bits; and with dot products of signed bytes (Cortex-A76 and others from
 * ARMv8.2 on), which unsigned ones become by 128 less.
 */
#if defined(__aarch64__)
#include "isa.h"

#include <arm_neon.h>
#include <sys/auxv.h>
#define LOOP(name) neon_##name
#define FUSED_MULTIPLY_ADD 1
#include "loops.h"

#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif

#define LANES 4
#define WIDE_PIXELS 4
#define TILE_VECTORS 4

static __attribute__((noinline)) void finish_bytes(const struct tile *t, const int32x4_t *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const int32x4_t sums = *rows++;
            float32x4_t scaled = vmulq_f32(vcvtq_f32_s32(sums), vld1q_f32(t->multipliers + v * LANES));
            scaled = vminq_f32(vmaxq_f32(scaled, vdupq_n_f32(t->low)), vdupq_n_f32(t->high));
            const int32x4_t rounded = vaddq_s32(vcvtnq_s32_f32(scaled), vdupq_n_s32(t->zero));
            const uint16x4_t shorts = vqmovun_s32(rounded);
            const uint32_t bytes = vget_lane_u32(vreinterpret_u32_u8(vqmovn_u16(vcombine_u16(shorts, shorts))), 0);
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

static __attribute__((noinline)) void finish_floats(const struct tile *t, const float32x4_t *rows, int pixels, int vectors) {
    for (int m = 0; m < pixels; m++) {
        for (int v = 0; v < vectors; v++) {
            const float32x4_t sums = *rows++;
            const float32x4_t clamped = vminq_f32(vmaxq_f32(sums, vdupq_n_f32(t->low)), vdupq_n_f32(t->high));
            float *output = (float *) (t->output + m * t->output_stride) + v * LANES;
            const int left = t->channels - v * LANES;
            if (left >= LANES) {
                vst1q_f32(output, clamped);
            } else {
                float values[LANES];
                vst1q_f32(values, clamped);
                for (int i = 0; i < left; i++) {
                    output[i] = values[i];
                }
            }
        }
    }
}

static inline __attribute__((always_inline)) uint32_t unit(const char *input) {
    uint32_t bytes;
    __builtin_memcpy(&bytes, input, sizeof bytes);
    return bytes;
}

static inline __attribute__((always_inline)) int32x4_t widened(const char *input) {
    const uint16x8_t shorts = vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(unit(input))));
    return vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(shorts)));
}

#define WEIGHT_BYTES 16
#define VECTOR int32x4_t
#define LOAD_BIAS(t, v) vld1q_s32((const int32_t *) (t)->bias + (v) * LANES)
#define FINISH finish_bytes

/* A vector of weights: the first of four channels, then the second. */
#define TILE(name) bytes_##name
#define WEIGHTS int16x8_t
#define INPUT int16x8_t
#define LOAD_WEIGHTS(p) vreinterpretq_s16_s8(vld1q_s8((const int8_t *) (p)))
#define LOAD_INPUT(p) vreinterpretq_s16_s8(vld1q_s8((const int8_t *) (p)))
#define LOAD_INPUT_UNIT(p) vreinterpretq_s16_u32(vdupq_n_u32(unit(p)))
#define MULTIPLY_ADD(s, a, lane, w) \
    vmlal_high_laneq_s16(vmlal_laneq_s16(s, vget_low_s16(w), a, 2 * (lane)), w, a, 2 * (lane) + 1)
#include "tile_lanes.h"
#undef TILE
#undef WEIGHTS
#undef INPUT
#undef LOAD_WEIGHTS
#undef LOAD_INPUT
#undef LOAD_INPUT_UNIT
#undef MULTIPLY_ADD

#pragma GCC push_options
#pragma GCC target("arch=armv8.2-a+dotprod")
#define TILE(name) dot_##name
#define WEIGHTS int8x16_t
#define INPUT int8x16_t
#define LOAD_WEIGHTS(p) vld1q_s8((const int8_t *) (p))
#define LOAD_INPUT(p) vreinterpretq_s8_u8(veorq_u8(vld1q_u8((const uint8_t *) (p)), vdupq_n_u8(0x80)))
#define LOAD_INPUT_UNIT(p) vreinterpretq_s8_u32(vdupq_n_u32(unit(p) ^ 0x80808080u))
#define MULTIPLY_ADD(s, a, lane, w) vdotq_laneq_s32(s, w, a, lane)
#include "tile_lanes.h"
#undef TILE
#undef WEIGHTS
#undef INPUT
#undef LOAD_WEIGHTS
#undef LOAD_INPUT
#undef LOAD_INPUT_UNIT
#undef MULTIPLY_ADD
#pragma GCC pop_options

#undef TILE_VECTORS
#define TILE_VECTORS 1
#define TILE(name) depthwise_bytes_##name
#define WEIGHTS int32x4_t
#define INPUT int32x4_t
#define LOAD_WEIGHTS(p) vld1q_s32((const int32_t *) (p))
#define LOAD_INPUT(p) widened(p)
#define MULTIPLY_ADD(s, a, w) vmlaq_s32(s, a, w)
#include "tile.h"
#undef TILE
#undef WEIGHTS
#undef INPUT
#undef LOAD_WEIGHTS
#undef LOAD_INPUT
#undef MULTIPLY_ADD
#undef VECTOR
#undef LOAD_BIAS
#undef FINISH

#define VECTOR float32x4_t
#define WEIGHTS float32x4_t
#define INPUT float32x4_t
#define LOAD_WEIGHTS(p) vld1q_f32((const float *) (p))
#define LOAD_INPUT(p) vld1q_f32((const float *) (p))
#define LOAD_BIAS(t, v) vld1q_f32((const float *) (t)->bias + (v) * LANES)
#define FINISH finish_floats

#define TILE(name) depthwise_floats_##name
#define MULTIPLY_ADD(s, a, w) vfmaq_f32(s, a, w)
#include "tile.h"
#undef TILE
#undef MULTIPLY_ADD

#undef TILE_VECTORS
#define TILE_VECTORS 4
#define TILE(name) floats_##name
#define LOAD_INPUT_UNIT(p) vld1q_dup_f32((const float *) (p))
#define MULTIPLY_ADD(s, a, lane, w) vfmaq_laneq_f32(s, w, a, lane)
#include "tile_lanes.h"

static int usable(void) {
    return 1;
}

static int usable_dot(void) {
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
}

#define DEPTHWISE(kind) {depthwise_##kind##_wide1, depthwise_##kind##_wide1, depthwise_##kind##_one1}
#define TILES(kind, name) \
    .kind = { \
        .lanes = LANES, \
        .wide_pixels = WIDE_PIXELS, \
        .max_vectors = 4, \
        .function = { \
            {name##_wide1, name##_wide2, name##_wide4}, \
            {name##_wide1, name##_wide2, name##_wide4}, \
            {name##_one1, name##_one2, name##_one4}, \
        }, \
        .depthwise = DEPTHWISE(kind), \
    }

const struct isa glint_isa_neon = {
    .name = "neon",
    .usable = usable,
    .byte_rate = 5000,
    .float_rate = 4000,
    .unit_weights = 2,
    .short_inputs = 1,
    .short_weights = 1,
    .planar = 1,
    TILES(bytes, bytes),
    TILES(floats, floats),
    LOOPS,
};

const struct isa glint_isa_neon_dot = {
    .name = "neon-dot",
    .usable = usable_dot,
    .byte_rate = 40000,
    .float_rate = 12000,
    .unit_weights = 4,
    .signed_inputs = 1,
    TILES(bytes, dot),
    TILES(floats, floats),
    LOOPS,
};
#endif
