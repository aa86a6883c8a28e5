/*
 * Checks the loops of the own engine against plain ones, and says how fast they are, for every family of processors that this
 * one can stand for.
 *
 *   kernels check [SHAPES] [SEED]   random shapes: bytes equal, floats within 1e-5 of the sum of the products' sizes; ends with 1
 *                                   at the first difference
 *   kernels bench [LOOPS]           SmallVGG's and the bar CNN's layers: time (median), products per second, time to pack the weights;
 *                                   other work on the machine makes layers of more than a millisecond look slow
 *
 * native/benchmarks/kernels builds and runs it, for ARM too.
 */
#include "kernels_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const families[] = {"avx512-vnni", "avx-vnni", "avx2", "sse2", "neon-dot", "neon", NULL};

void *memory(int64_t bytes) {
    void *start = malloc(bytes > 0 ? (size_t) bytes : 1);
    if (start == NULL) {
        fprintf(stderr, "error: found no memory for %lld bytes\n", (long long) bytes);
        exit(1);
    }
    return start;
}

int main(int count, char **arguments) {
    if (count >= 2 && strcmp(arguments[1], "check") == 0) {
        return check(count > 2 ? atoi(arguments[2]) : 200, count > 3 ? strtoull(arguments[3], NULL, 10) : 1);
    }
    if (count >= 2 && strcmp(arguments[1], "bench") == 0) {
        return bench(count > 2 ? arguments[2] : NULL);
    }
    fprintf(stderr, "usage: kernels check [SHAPES] [SEED] | kernels bench [LOOPS]\n");
    return 2;
}
