#include "isa.h"

#include <string.h>

/* The fastest first. */
static const struct isa *const families[] = {
#if defined(__x86_64__)
    &glint_isa_avx512,
    &glint_isa_avx_vnni,
    &glint_isa_avx2,
    &glint_isa_sse2,
#elif defined(__aarch64__)
    &glint_isa_neon_dot,
    &glint_isa_neon,
#else
#error "no loops for this architecture: leave them out, and the engine runs on those in Java"
#endif
};

static const struct isa *selected;

const struct isa *glint_isa(void) {
    /* Threads that come here at the same time write the same. */
    const struct isa *isa = __atomic_load_n(&selected, __ATOMIC_RELAXED);
    for (size_t i = 0; isa == NULL; i++) {
        if (families[i]->usable()) {
            isa = families[i];
            __atomic_store_n(&selected, isa, __ATOMIC_RELAXED);
        }
    }
    return isa;
}

int glint_kernels_select(const char *name) {
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        if (strcmp(families[i]->name, name) == 0 && families[i]->usable()) {
            __atomic_store_n(&selected, families[i], __ATOMIC_RELAXED);
            return 1;
        }
    }
    return 0;
}

const char *glint_kernels_name(void) {
    return glint_isa()->name;
}

int32_t glint_kernels_byte_rate(void) {
    return glint_isa()->byte_rate;
}

int32_t glint_kernels_float_rate(void) {
    return glint_isa()->float_rate;
}

void glint_max_pool_bytes(const struct glint_shape *shape, const uint8_t *input, uint8_t *output) {
    glint_isa()->max_pool_bytes(shape, input, output);
}

void glint_max_pool_floats(const struct glint_shape *shape, const float *input, float *output) {
    glint_isa()->max_pool_floats(shape, input, output);
}

void glint_add_bytes(const uint8_t *a, const uint8_t *b, uint8_t *output, int32_t count, float ratio_a, float ratio_b, float offset,
        int32_t low, int32_t high) {
    glint_isa()->add_bytes(a, b, output, count, ratio_a, ratio_b, offset, low, high);
}

void glint_add_floats(const float *a, const float *b, float *output, int32_t count, float low, float high) {
    glint_isa()->add_floats(a, b, output, count, low, high);
}

void glint_quantize(const float *input, uint8_t *output, int32_t count, float scale, int32_t zero) {
    glint_isa()->quantize(input, output, count, scale, zero);
}

void glint_dequantize(const uint8_t *input, float *output, int32_t count, float scale, int32_t zero) {
    glint_isa()->dequantize(input, output, count, scale, zero);
}
