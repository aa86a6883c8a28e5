/* How fast the loops of the own engine are. */
#define _POSIX_C_SOURCE 200112L
#include "kernels_harness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *) a;
    const double y = *(const double *) b;
    return x < y ? -1 : x > y;
}

struct layer {
    const char *name;
    int extent, inputs, outputs, window;
};

enum { MOST_LAYERS = 8, REPEATS = 101, PACKS = 11 };

static void measure(const char *network, const struct layer *layers, int count, int floats) {
    double total = 0;
    double packing = 0;
    double first_packing = 0;
    double products = 0;
    for (int i = 0; i < count; i++) {
        const struct layer *l = &layers[i];
        const int whole = l->window == l->extent;
        const struct glint_shape s = {l->extent, l->extent, l->inputs, whole ? 1 : l->extent, whole ? 1 : l->extent, l->outputs,
            l->window, l->window, 1, 1, whole ? 0 : l->window / 2, whole ? 0 : l->window / 2, 1, 1, 1};
        const int64_t size = floats ? 4 : 1;
        char *input = memory(input_size(&s) * size);
        char *weights = memory(depth(&s) * s.output_channels * size);
        int32_t *bias = memory(s.output_channels * 4);
        float *multipliers = memory(s.output_channels * 4);
        char *output = memory(output_size(&s) * size);
        memset(input, 0, (size_t) (input_size(&s) * size));
        memset(weights, 0, (size_t) (depth(&s) * s.output_channels * size));
        memset(bias, 0, (size_t) s.output_channels * 4);
        memset(multipliers, 0, (size_t) s.output_channels * 4);
        double times[REPEATS];
        struct glint_convolution *c = NULL;
        for (int n = 0; n < PACKS; n++) {
            glint_convolution_free(c);
            const double start = milliseconds();
            c = floats ? glint_convolution_of_floats(&s, (float *) weights, (float *) bias, 0, INFINITY)
                       : glint_convolution_of_bytes(&s, (int8_t *) weights, bias, multipliers, 3, 0, 0, 255);
            times[n] = milliseconds() - start;
        }
        first_packing += times[0];
        qsort(times, PACKS, sizeof *times, ascending);
        packing += times[PACKS / 2];

        void *workspace = memory(glint_convolution_workspace(c));
        for (int n = 0; n < REPEATS; n++) {
            const double start = milliseconds();
            glint_convolution_run(c, input, output, workspace);
            times[n] = milliseconds() - start;
        }
        qsort(times, REPEATS, sizeof *times, ascending);
        const double one = (double) depth(&s) * (double) output_size(&s);
        printf("%-12s %-6s %-9s %-6s %8.4f ms %8.1f G/s\n", glint_kernels_name(), floats ? "floats" : "bytes", network, l->name,
                times[REPEATS / 2], one / times[REPEATS / 2] / 1e6);
        total += times[REPEATS / 2];
        products += one;
        glint_convolution_free(c);
        free(workspace);
        free(input);
        free(weights);
        free(bias);
        free(multipliers);
        free(output);
    }
    printf("%-12s %-6s %-9s all    %8.4f ms %8.1f G/s, packed in %.3f ms, first %.3f ms\n", glint_kernels_name(), floats ? "floats" : "bytes",
            network, total, products / total / 1e6, packing, first_packing);
}

int bench(const char *only) {
    static const struct layer small_vgg[] = {{"conv1", 32, 3, 64, 3}, {"conv2", 32, 64, 64, 3}, {"conv3", 16, 64, 128, 3},
        {"conv4", 16, 128, 128, 3}, {"conv5", 8, 128, 256, 3}, {"conv6", 8, 256, 256, 3}, {"fc", 1, 256, 10, 1}};
    static const struct layer bar_cnn[] = {{"conv1", 16, 1, 8, 3}, {"conv2", 8, 8, 16, 3}, {"fc", 4, 16, 2, 4}};
    for (int f = 0; families[f] != NULL; f++) {
        if ((only == NULL || strcmp(only, families[f]) == 0) && glint_kernels_select(families[f])) {
            for (int floats = 0; floats < 2; floats++) {
                measure("small-vgg", small_vgg, sizeof small_vgg / sizeof *small_vgg, floats);
                measure("bar-cnn", bar_cnn, sizeof bar_cnn / sizeof *bar_cnn, floats);
            }
        }
    }
    return 0;
}
