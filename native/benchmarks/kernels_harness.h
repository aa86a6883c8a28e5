/* What kernels_check.c and kernels_bench.c share. */
#include "../src/main/c/kernels/kernels.h"

#include <stdint.h>

/* Names of the families of processors, as glint_kernels_select takes them; a NULL ends them. */
extern const char *const families[];

/* Exactly as large as asked for, so that a tool that watches memory sees a byte too far; ends the process where there is none. */
void *memory(int64_t bytes);

/* Compares the loops with plain ones; ends the process with 1 at the first difference. */
int check(int shapes, uint64_t seed);

/* Prints how fast the loops of a family are; NULL for all. */
int bench(const char *only);

static inline int64_t input_size(const struct glint_shape *s) {
    return (int64_t) s->height * s->width * s->channels;
}

static inline int64_t output_size(const struct glint_shape *s) {
    return (int64_t) s->output_height * s->output_width * s->output_channels;
}

static inline int64_t depth(const struct glint_shape *s) {
    return (int64_t) s->window_height * s->window_width * (s->channels / s->groups);
}
