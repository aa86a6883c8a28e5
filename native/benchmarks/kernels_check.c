/* The loops of the own engine against plain ones, on random shapes. */
#include "kernels_harness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 1;

/* xorshift64* */
static uint32_t random_bits(void) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t) (state * 2685821657736338717u >> 32);
}

static int random_between(int low, int high) {
    return low + (int) (random_bits() % (uint32_t) (high - low + 1));
}

static float random_float(void) {
    return (float) (int32_t) random_bits() / 2147483648.0f;
}

static void print_shape(const struct glint_shape *s) {
    printf("%dx%dx%d to %dx%dx%d, window %dx%d, stride %dx%d, padding %d,%d, dilation %dx%d, %d groups", s->height, s->width,
            s->channels, s->output_height, s->output_width, s->output_channels, s->window_height, s->window_width,
            s->stride_height, s->stride_width, s->padding_top, s->padding_left, s->dilation_height, s->dilation_width, s->groups);
}

static void different(const char *what, const struct glint_shape *s, int64_t at, double found, double expected) {
    printf("%s: %s: ", glint_kernels_name(), what);
    print_shape(s);
    printf(": found %.9g at %lld, expected %.9g\n", found, (long long) at, expected);
    exit(1);
}

/* Output sizes as ONNX has them, for a padding of its own on each side. */
static int outputs(int size, int window, int stride, int before, int after, int dilation) {
    const int reach = (window - 1) * dilation + 1;
    return size + before + after < reach ? 0 : (size + before + after - reach) / stride + 1;
}

static struct glint_shape random_shape(int pooling) {
    for (;;) {
        struct glint_shape s = {0};
        const int pixel = random_between(0, 3) == 0;
        const int depthwise = !pooling && random_between(0, 4) == 0;
        s.groups = pooling || depthwise || random_between(0, 3) != 0 ? 1 : random_between(1, 4);
        s.channels = s.groups * random_between(1, random_between(0, 1) ? 9 : 70);
        s.output_channels = pooling || depthwise ? s.channels : s.groups * random_between(1, random_between(0, 1) ? 20 : 150);
        if (depthwise) {
            s.groups = s.channels;
        }
        s.height = random_between(1, 14);
        s.width = random_between(1, 14);
        s.window_height = pixel ? 1 : random_between(1, 5);
        s.window_width = pixel ? 1 : random_between(1, 5);
        s.stride_height = random_between(1, 3);
        s.stride_width = random_between(1, 3);
        s.dilation_height = random_between(0, 3) ? 1 : random_between(2, 3);
        s.dilation_width = random_between(0, 3) ? 1 : random_between(2, 3);
        const int padded = random_between(0, 1) && (!pooling || s.dilation_height + s.dilation_width == 2);
        s.padding_top = padded ? random_between(0, s.window_height - 1) : 0;
        s.padding_left = padded ? random_between(0, s.window_width - 1) : 0;
        s.output_height = outputs(s.height, s.window_height, s.stride_height, s.padding_top,
                padded ? random_between(0, s.window_height - 1) : 0, s.dilation_height);
        s.output_width = outputs(s.width, s.window_width, s.stride_width, s.padding_left,
                padded ? random_between(0, s.window_width - 1) : 0, s.dilation_width);
        if (!pooling && random_between(0, 30) == 0) {
            /* Farther apart than anyone would have it: patches. */
            s.stride_height = 20000;
            s.stride_width = 30000;
            s.padding_left = 29999;
        }
        if (s.output_height > 0 && s.output_width > 0) {
            return s;
        }
    }
}

/* The value at a place of the window, or NULL in the padding. */
#define AT(s, input, y, x, i, j) \
    at(s, (int64_t) (y) * (s)->stride_height - (s)->padding_top + (int64_t) (i) * (s)->dilation_height, \
            (int64_t) (x) * (s)->stride_width - (s)->padding_left + (int64_t) (j) * (s)->dilation_width)
static int64_t at(const struct glint_shape *s, int64_t y, int64_t x) {
    return y < 0 || y >= s->height || x < 0 || x >= s->width ? -1 : (y * s->width + x) * s->channels;
}

struct requantization {
    int input_zero, output_zero, low, high;
    const float *multipliers;
};

static void plain_bytes(const struct glint_shape *s, const uint8_t *input, const int8_t *weights, const int32_t *bias,
        const struct requantization *r, uint8_t *output) {
    const int inputs = s->channels / s->groups;
    const int group_outputs = s->output_channels / s->groups;
    for (int y = 0; y < s->output_height; y++) {
        for (int x = 0; x < s->output_width; x++) {
            for (int o = 0; o < s->output_channels; o++) {
                int32_t sum = bias[o];
                for (int c = 0; c < inputs; c++) {
                    for (int i = 0; i < s->window_height; i++) {
                        for (int j = 0; j < s->window_width; j++) {
                            const int64_t place = AT(s, input, y, x, i, j);
                            const int value = place < 0 ? r->input_zero : input[place + o / group_outputs * inputs + c];
                            sum += (value - r->input_zero)
                                    * weights[((o * (int64_t) inputs + c) * s->window_height + i) * s->window_width + j];
                        }
                    }
                }
                const double scaled = nearbyint((double) ((float) sum * r->multipliers[o])) + r->output_zero;
                *output++ = (uint8_t) (scaled < r->low ? r->low : scaled > r->high ? r->high : scaled);
            }
        }
    }
}

static void check_bytes(const struct glint_shape *s) {
    uint8_t *input = memory(input_size(s));
    int8_t *weights = memory(depth(s) * s->output_channels);
    int32_t *bias = memory(s->output_channels * 4);
    float *multipliers = memory(s->output_channels * 4);
    uint8_t *output = memory(output_size(s));
    uint8_t *expected = memory(output_size(s));
    const int extreme = random_between(0, 3) == 0;
    for (int64_t i = 0; i < input_size(s); i++) {
        input[i] = (uint8_t) (extreme ? 255 * random_between(0, 1) : random_between(0, 255));
    }
    for (int64_t i = 0; i < depth(s) * s->output_channels; i++) {
        weights[i] = (int8_t) (extreme ? (random_between(0, 1) ? 127 : -128) : random_between(-128, 127));
    }
    for (int o = 0; o < s->output_channels; o++) {
        bias[o] = random_between(-20000, 20000);
        /* Powers of 2 make halves, which must go to the even side. */
        multipliers[o] = random_between(0, 1) ? ldexpf(1, -random_between(1, 12)) : fabsf(random_float()) / 100;
    }
    struct requantization r = {random_between(0, 255), random_between(0, 255), 0, 255, multipliers};
    if (random_between(0, 1)) {
        r.low = r.output_zero;
        r.high = random_between(r.low, 255);
    }
    plain_bytes(s, input, weights, bias, &r, expected);
    struct glint_convolution *c = glint_convolution_of_bytes(s, weights, bias, multipliers, r.input_zero, r.output_zero, r.low, r.high);
    void *workspace = memory(glint_convolution_workspace(c));
    memset(output, 0xaa, (size_t) output_size(s));
    glint_convolution_run(c, input, output, workspace);
    for (int64_t i = 0; i < output_size(s); i++) {
        if (output[i] != expected[i]) {
            different("convolution of bytes", s, i, output[i], expected[i]);
        }
    }
    glint_convolution_free(c);
    free(workspace);
    free(input);
    free(weights);
    free(bias);
    free(multipliers);
    free(output);
    free(expected);
}

static void check_floats(const struct glint_shape *s) {
    float *input = memory(input_size(s) * 4);
    float *weights = memory(depth(s) * s->output_channels * 4);
    float *bias = memory(s->output_channels * 4);
    float *output = memory(output_size(s) * 4);
    for (int64_t i = 0; i < input_size(s); i++) {
        input[i] = random_float();
    }
    for (int64_t i = 0; i < depth(s) * s->output_channels; i++) {
        weights[i] = random_float();
    }
    for (int o = 0; o < s->output_channels; o++) {
        bias[o] = random_float();
    }
    const float low = random_between(0, 1) ? 0 : -INFINITY;
    const float high = random_between(0, 1) ? 1 : INFINITY;
    struct glint_convolution *c = glint_convolution_of_floats(s, weights, bias, low, high);
    void *workspace = memory(glint_convolution_workspace(c));
    glint_convolution_run(c, input, output, workspace);
    const int inputs = s->channels / s->groups;
    const int group_outputs = s->output_channels / s->groups;
    int64_t next = 0;
    for (int y = 0; y < s->output_height; y++) {
        for (int x = 0; x < s->output_width; x++) {
            for (int o = 0; o < s->output_channels; o++, next++) {
                double sum = bias[o];
                double size = fabs(sum);
                for (int k = 0; k < inputs; k++) {
                    for (int i = 0; i < s->window_height; i++) {
                        for (int j = 0; j < s->window_width; j++) {
                            const int64_t place = AT(s, input, y, x, i, j);
                            const double product = place < 0 ? 0 : (double) input[place + o / group_outputs * inputs + k]
                                    * weights[((o * (int64_t) inputs + k) * s->window_height + i) * s->window_width + j];
                            sum += product;
                            size += fabs(product);
                        }
                    }
                }
                sum = fmin(fmax(sum, low), high);
                if (!(fabs(output[next] - sum) <= 1e-5 * size)) {
                    different("convolution of floats", s, next, output[next], sum);
                }
            }
        }
    }
    glint_convolution_free(c);
    free(workspace);
    free(input);
    free(weights);
    free(bias);
    free(output);
}

static void check_pools(const struct glint_shape *s) {
    uint8_t *bytes = memory(input_size(s));
    float *floats = memory(input_size(s) * 4);
    uint8_t *most_bytes = memory(output_size(s));
    float *most_floats = memory(output_size(s) * 4);
    for (int64_t i = 0; i < input_size(s); i++) {
        bytes[i] = (uint8_t) random_bits();
        floats[i] = random_float() - 2;
    }
    glint_max_pool_bytes(s, bytes, most_bytes);
    glint_max_pool_floats(s, floats, most_floats);
    int64_t next = 0;
    for (int y = 0; y < s->output_height; y++) {
        for (int x = 0; x < s->output_width; x++) {
            for (int c = 0; c < s->channels; c++, next++) {
                uint8_t most_byte = 0;
                float most_float = -INFINITY;
                for (int i = 0; i < s->window_height; i++) {
                    for (int j = 0; j < s->window_width; j++) {
                        const int64_t place = AT(s, bytes, y, x, i, j);
                        if (place >= 0) {
                            most_byte = bytes[place + c] > most_byte ? bytes[place + c] : most_byte;
                            most_float = fmaxf(most_float, floats[place + c]);
                        }
                    }
                }
                if (most_bytes[next] != most_byte) {
                    different("largest byte", s, next, most_bytes[next], most_byte);
                }
                if (most_floats[next] != most_float) {
                    different("largest float", s, next, most_floats[next], most_float);
                }
            }
        }
    }
    free(bytes);
    free(floats);
    free(most_bytes);
    free(most_floats);
}

static void check_elements(void) {
    const struct glint_shape none = {0};
    const int count = random_between(1, 400);
    uint8_t *a = memory(count);
    uint8_t *b = memory(count);
    uint8_t *bytes = memory(count);
    float *x = memory(count * 4);
    float *y = memory(count * 4);
    float *floats = memory(count * 4);
    const float scale = fabsf(random_float()) + 1e-3f;
    for (int i = 0; i < count; i++) {
        a[i] = (uint8_t) random_bits();
        b[i] = (uint8_t) random_bits();
        x[i] = random_between(0, 3) ? 300 * random_float() : (float) (random_between(-500, 500) / 2.0) * scale;
        y[i] = random_between(0, 20) ? random_float() : 1e30f;
    }
    const int zero = random_between(0, 255);
    for (int n = 0; n < 50; n++) {
        const int low = random_between(0, 1) ? 0 : random_between(0, 255);
        const int high = low == 0 ? 255 : random_between(low, 255);
        const float ratio_a = random_between(0, 3) ? random_float() * 2 : 0.5f;
        const float ratio_b = random_between(0, 3) ? random_float() * 2 : 0.25f;
        /* The first sum is nearly a half: how often it was rounded on the way decides. */
        const float offset = (float) (random_between(20, 200) + 0.5 - (double) a[0] * ratio_a - (double) b[0] * ratio_b);
        glint_add_bytes(a, b, bytes, count, ratio_a, ratio_b, offset, low, high);
        for (int i = 0; i < count; i++) {
            const float sum = nearbyintf(fmaf(a[i], ratio_a, fmaf(b[i], ratio_b, offset)));
            const float expected = sum < (float) low ? (float) low : sum > (float) high ? (float) high : sum;
            if (bytes[i] != expected) {
                different("sum of bytes", &none, i, bytes[i], expected);
            }
        }
    }
    glint_add_floats(x, y, floats, count, -1, INFINITY);
    for (int i = 0; i < count; i++) {
        if (floats[i] != fmaxf(x[i] + y[i], -1)) {
            different("sum of floats", &none, i, floats[i], fmaxf(x[i] + y[i], -1));
        }
    }
    glint_quantize(x, bytes, count, scale, zero);
    for (int i = 0; i < count; i++) {
        const float expected = fminf(fmaxf(nearbyintf(x[i] / scale) + (float) zero, 0), 255);
        if (bytes[i] != expected) {
            different("quantize", &none, i, bytes[i], expected);
        }
    }
    glint_dequantize(a, floats, count, scale, zero);
    for (int i = 0; i < count; i++) {
        if (floats[i] != (float) (a[i] - zero) * scale) {
            different("dequantize", &none, i, floats[i], (float) (a[i] - zero) * scale);
        }
    }
    free(a);
    free(b);
    free(bytes);
    free(x);
    free(y);
    free(floats);
}

/* A hostile shape: a hundred MiB of vectors with two weights each. */
static void check_refusal(void) {
    const struct glint_shape s = {1, 1, 1 << 24, 1, 1, 1 << 23, 1, 1, 1, 1, 0, 0, 1, 1, 1 << 23};
    struct glint_convolution *c = glint_convolution_of_bytes(&s, NULL, NULL, NULL, 0, 0, 0, 255);
    if (c != NULL) {
        different("memory for nothing", &s, 0, 1, 0);
    }
}

int check(int shapes, uint64_t seed) {
    for (int f = 0; families[f] != NULL; f++) {
        if (glint_kernels_select(families[f])) {
            state = seed * 0x9e3779b97f4a7c15u + 1;
            check_refusal();
            for (int i = 0; i < shapes; i++) {
                const struct glint_shape shape = random_shape(0);
                check_bytes(&shape);
                check_floats(&shape);
                const struct glint_shape pool = random_shape(1);
                check_pools(&pool);
                check_elements();
            }
            printf("%s: %d shapes as expected\n", families[f], shapes);
        }
    }
    return 0;
}
