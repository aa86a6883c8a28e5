#include "convolution.h"

#include <stdlib.h>
#include <string.h>

/* So much is copied at a time: it should stay in the second cache, beside weights. */
#define PASS_BYTES (96 << 10)
/* More than this for the rows of one output row, and patches are copied instead. */
#define MAX_ROWS_BYTES (4 << 20)
/* Windows with more pixels are copied as patches. */
#define MAX_TAPS (1 << 14)
#define ALIGNMENT 64
/* Vectors are filled up with nothing: so much memory for that is refused if it is more than FILLING times what the weights need. */
#define MAX_FILLED_BYTES (64 << 20)
#define FILLING 4

static int64_t round_up(int64_t value, int64_t unit) {
    return (value + unit - 1) / unit * unit;
}

static int64_t reach(int64_t outputs, int64_t stride, int64_t window, int64_t dilation) {
    return (outputs - 1) * stride + (window - 1) * dilation + 1;
}

/* Segments as rows of the window where these have no gaps, as its pixels otherwise. */
static int window_rows_are_dense(const struct glint_convolution *c) {
    return !c->depthwise && c->groups == 1 && c->shape.dilation_width == 1;
}

static int64_t unit_weights(const struct glint_convolution *c) {
    return c->floats || c->depthwise ? 1 : c->isa->unit_weights;
}

static int can_read_directly(const struct glint_convolution *c) {
    const struct glint_shape *s = &c->shape;
    const int64_t run = window_rows_are_dense(c) ? (int64_t) s->window_width * s->channels : c->group_inputs;
    return c->element_bytes == c->input_bytes && !c->depthwise && s->padding_top == 0 && s->padding_left == 0
            && reach(s->output_height, s->stride_height, s->window_height, s->dilation_height) <= s->height
            && reach(s->output_width, s->stride_width, s->window_width, s->dilation_width) <= s->width
            && run % unit_weights(c) == 0 && (int64_t) s->window_height * s->window_width <= MAX_TAPS;
}

void glint_convolution_plan(struct glint_convolution *c) {
    const struct glint_shape *s = &c->shape;
    const int64_t taps = (int64_t) s->window_height * s->window_width;
    c->pixel_pitch = s->channels * c->element_bytes;
    c->region_width = reach(s->output_width, s->stride_width, s->window_width, s->dilation_width);
    const int64_t first_rows = reach(1, s->stride_height, s->window_height, s->dilation_height);
    if (can_read_directly(c)) {
        c->layout = DIRECT;
        c->row_pitch = s->width * c->pixel_pitch;
        c->pass = s->output_height;
        c->workspace = 0;
    } else if (taps <= MAX_TAPS && c->region_width <= MAX_ROWS_BYTES / c->pixel_pitch
            && first_rows <= MAX_ROWS_BYTES / (c->region_width * c->pixel_pitch)) {
        c->layout = ROWS;
        c->row_pitch = c->region_width * c->pixel_pitch;
        const int64_t more = (PASS_BYTES / c->row_pitch - first_rows) / s->stride_height;
        c->pass = more < 0 ? 1 : more + 1 < s->output_height ? more + 1 : s->output_height;
        c->workspace = reach(c->pass, s->stride_height, s->window_height, s->dilation_height) * c->row_pitch
                + SLACK_BYTES + ALIGNMENT;
    } else {
        c->layout = PATCHES;
        c->depthwise = 0;
        c->groups = s->groups;
        c->group_inputs = s->channels / s->groups;
        c->group_outputs = s->output_channels / s->groups;
        c->element_bytes = c->floats ? 4 : c->isa->short_inputs ? 2 : 1;
        c->pixel_pitch = round_up(taps * c->group_inputs, unit_weights(c)) * c->element_bytes;
        const int64_t pixels = (int64_t) s->output_height * s->output_width;
        const int64_t most = PASS_BYTES / c->pixel_pitch > MAX_PIXELS ? PASS_BYTES / c->pixel_pitch : MAX_PIXELS;
        c->pass = most < pixels ? most : pixels;
        c->workspace = c->pass * c->pixel_pitch + SLACK_BYTES + ALIGNMENT;
    }
    const int64_t run = c->layout == PATCHES ? taps * c->group_inputs
            : c->depthwise ? 1
            : window_rows_are_dense(c) ? (int64_t) s->window_width * s->channels : c->group_inputs;
    c->segments = (int) (c->layout == PATCHES ? 1 : window_rows_are_dense(c) ? s->window_height : taps);
    const int64_t units = round_up(run, unit_weights(c)) / unit_weights(c);
    c->segment_bytes = units * UNIT_BYTES;
    const ptrdiff_t weight_bytes = c->floats || c->depthwise ? 4 : unit_weights(c) * (c->isa->short_weights ? 2 : 1);
    c->vector_bytes = c->segments * units * c->tiles->lanes * weight_bytes;
    c->group_bytes = c->vector_bytes * group_vectors(c);
}

static void write_offsets(struct glint_convolution *c) {
    const struct glint_shape *s = &c->shape;
    const int per_row = c->segments == 1 ? 1 : c->segments / s->window_height;
    for (int i = 0; i < c->segments; i++) {
        c->offsets[i] = i / per_row * (ptrdiff_t) s->dilation_height * c->row_pitch
                + i % per_row * (ptrdiff_t) s->dilation_width * c->pixel_pitch;
    }
}

static struct glint_convolution *planned(const struct glint_shape *shape, int floats) {
    const struct isa *isa = glint_isa();
    struct glint_convolution plan = {
        .isa = isa,
        .tiles = floats ? &isa->floats : &isa->bytes,
        .shape = *shape,
        .floats = floats,
        .depthwise = shape->groups > 1 && shape->groups == shape->channels && shape->groups == shape->output_channels,
        .input_bytes = floats ? 4 : 1,
    };
    plan.groups = plan.depthwise ? (shape->groups + plan.tiles->lanes - 1) / plan.tiles->lanes : shape->groups;
    plan.group_inputs = plan.depthwise ? plan.tiles->lanes : shape->channels / shape->groups;
    plan.group_outputs = plan.depthwise ? plan.tiles->lanes : shape->output_channels / shape->groups;
    plan.element_bytes = floats ? 4 : isa->short_inputs && !plan.depthwise ? 2 : 1;
    glint_convolution_plan(&plan);

    const int64_t depth = (int64_t) shape->window_height * shape->window_width * (shape->channels / shape->groups);
    const int64_t filled = plan.groups * plan.group_bytes;
    if (filled > MAX_FILLED_BYTES && filled / FILLING > depth * shape->output_channels * plan.input_bytes) {
        return NULL;
    }
    const size_t header = (size_t) round_up(sizeof plan, ALIGNMENT);
    const size_t offsets = (size_t) round_up(plan.segments * (int64_t) sizeof *plan.offsets, ALIGNMENT);
    const size_t channels = (size_t) round_up(plan.groups * group_vectors(&plan) * plan.tiles->lanes * 4, ALIGNMENT);
    const size_t panels = (size_t) round_up(filled, ALIGNMENT);
    char *memory = aligned_alloc(ALIGNMENT, header + offsets + 2 * channels + panels);
    if (memory == NULL) {
        return NULL;
    }
    struct glint_convolution *c = (struct glint_convolution *) memory;
    *c = plan;
    c->offsets = (ptrdiff_t *) (memory + header);
    c->bias = memory + header + offsets;
    c->multipliers = (float *) (c->bias + channels);
    c->panels = c->bias + 2 * channels;
    memset(c->bias, 0, 2 * channels);
    write_offsets(c);
    return c;
}

struct glint_convolution *glint_convolution_of_bytes(const struct glint_shape *shape, const int8_t *weights, const int32_t *bias,
        const float *multipliers, int32_t input_zero, int32_t output_zero, int32_t low, int32_t high) {
    struct glint_convolution *c = planned(shape, 0);
    if (c != NULL) {
        c->input_zero = input_zero;
        c->output_zero = output_zero;
        c->low = (float) (low - output_zero);
        c->high = (float) (high - output_zero);
        glint_convolution_pack_bytes(c, weights, bias, multipliers);
    }
    return c;
}

struct glint_convolution *glint_convolution_of_floats(const struct glint_shape *shape, const float *weights, const float *bias,
        float low, float high) {
    struct glint_convolution *c = planned(shape, 1);
    if (c != NULL) {
        c->low = low;
        c->high = high;
        glint_convolution_pack_floats(c, weights, bias);
    }
    return c;
}

int64_t glint_convolution_workspace(const struct glint_convolution *c) {
    return c->workspace;
}

void glint_convolution_free(struct glint_convolution *c) {
    free(c);
}

/* Copies activations to where tiles read them. */
static void copy(const struct glint_convolution *c, const char *input, char *output, int64_t count) {
    if (c->element_bytes == c->input_bytes) {
        memcpy(output, input, (size_t) (count * c->input_bytes));
    } else {
        c->isa->widen((const uint8_t *) input, (int16_t *) output, (int32_t) count);
    }
}

/* Writes what stands for 0. */
static void pad(const struct glint_convolution *c, char *output, int64_t count) {
    if (c->element_bytes == 2) {
        int16_t *shorts = (int16_t *) output;
        for (int64_t i = 0; i < count; i++) {
            shorts[i] = (int16_t) c->input_zero;
        }
    } else {
        memset(output, c->floats ? 0 : c->input_zero, (size_t) (count * c->element_bytes));
    }
}

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static void copy_rows(const struct glint_convolution *c, const char *input, int64_t first_output_row, int64_t output_rows, char *region) {
    const struct glint_shape *s = &c->shape;
    const int64_t top = first_output_row * s->stride_height - s->padding_top;
    const int64_t rows = reach(output_rows, s->stride_height, s->window_height, s->dilation_height);
    const int64_t left = clamp(s->padding_left, 0, c->region_width);
    const int64_t inside = clamp(s->width, 0, c->region_width - left);
    const int64_t right = c->region_width - left - inside;
    for (int64_t row = 0; row < rows; row++) {
        char *output = region + row * c->row_pitch;
        const int64_t y = top + row;
        if (y < 0 || y >= s->height) {
            pad(c, output, c->region_width * s->channels);
            continue;
        }
        pad(c, output, left * s->channels);
        copy(c, input + y * s->width * s->channels * c->input_bytes, output + left * c->pixel_pitch, inside * s->channels);
        pad(c, output + (left + inside) * c->pixel_pitch, right * s->channels);
    }
}

static void copy_patches(const struct glint_convolution *c, const char *input, int64_t group, int64_t first_pixel, int64_t pixels,
        char *region) {
    const struct glint_shape *s = &c->shape;
    for (int64_t pixel = 0; pixel < pixels; pixel++) {
        char *output = region + pixel * c->pixel_pitch;
        const int64_t top = (first_pixel + pixel) / s->output_width * s->stride_height - s->padding_top;
        const int64_t left = (first_pixel + pixel) % s->output_width * s->stride_width - s->padding_left;
        for (int64_t i = 0; i < s->window_height; i++) {
            const int64_t y = top + i * s->dilation_height;
            for (int64_t j = 0; j < s->window_width; j++) {
                const int64_t x = left + j * s->dilation_width;
                if (y < 0 || y >= s->height || x < 0 || x >= s->width) {
                    pad(c, output, c->group_inputs);
                } else {
                    const int64_t at = (y * s->width + x) * s->channels + group * c->group_inputs;
                    copy(c, input + at * c->input_bytes, output, c->group_inputs);
                }
                output += c->group_inputs * c->element_bytes;
            }
        }
    }
}

/* Tiles over pixels that lie in rows of `width` at `source`, for the channels of one panel. */
static void run_panel(const struct glint_convolution *c, struct tile *tile, int vectors, const char *source, int64_t count,
        int64_t width, ptrdiff_t pixel_step, ptrdiff_t row_step) {
    const int log_vectors = vectors == 4 ? 2 : vectors == 2 ? 1 : 0;
    const int wide = c->tiles->wide_pixels;
    char *const first_output = tile->output;
    int64_t at = 0;
    while (at < count) {
        const int64_t left = count - at;
        int height = left == 1 ? ONE : left <= 4 ? FOUR : WIDE;
        int pixels = height == ONE ? 1 : height == FOUR ? 4 : wide;
        if (pixels > left) {
            /* The last tile may overlap the one before it. */
            if (count < pixels) {
                height = count < 4 ? ONE : FOUR;
                pixels = height == ONE ? 1 : 4;
            } else {
                at = count - pixels;
            }
        }
        int64_t row = at / width;
        int64_t column = at - row * width;
        for (int m = 0; m < pixels; m++) {
            tile->pixels[m] = source + row * row_step + column * pixel_step;
            if (++column == width) {
                column = 0;
                row++;
            }
        }
        tile->output = first_output + at * tile->output_stride;
        if (c->depthwise) {
            c->tiles->depthwise[height](tile);
        } else {
            c->tiles->function[height][log_vectors](tile);
        }
        at += pixels;
    }
}

/* All output channels of a group, for pixels one after another from first_pixel on. */
static void run_group(const struct glint_convolution *c, int64_t group, const char *source, char *output, int64_t first_pixel,
        int64_t count, int64_t width, ptrdiff_t pixel_step, ptrdiff_t row_step) {
    const int lanes = c->tiles->lanes;
    const int64_t vectors = group_vectors(c);
    const ptrdiff_t output_bytes = c->floats ? 4 : 1;
    const int64_t channels = c->shape.output_channels;
    for (int64_t v = 0; v < vectors;) {
        const int panel = panel_vectors(c, vectors - v);
        const int64_t first = group * c->group_outputs + v * lanes;
        const int64_t end = clamp((group + 1) * c->group_outputs, 0, channels);
        struct tile tile = {
            .offsets = c->offsets,
            .segments = c->segments,
            .segment_bytes = c->segment_bytes,
            .panel = c->panels + group * c->group_bytes + v * c->vector_bytes,
            .bias = c->bias + (group * vectors + v) * lanes * 4,
            .multipliers = c->multipliers + (group * vectors + v) * lanes,
            .output = output + (first_pixel * channels + first) * output_bytes,
            .output_stride = channels * output_bytes,
            .channels = (int) clamp(end - first, 0, (int64_t) panel * lanes),
            .low = c->low,
            .high = c->high,
            .zero = c->output_zero,
        };
        run_panel(c, &tile, panel, source, count, width, pixel_step, row_step);
        v += panel;
    }
}

void glint_convolution_run(const struct glint_convolution *c, const void *input, void *output, void *workspace) {
    const struct glint_shape *s = &c->shape;
    char *region = (char *) (((uintptr_t) workspace + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (c->layout == PATCHES) {
        const int64_t pixels = (int64_t) s->output_height * s->output_width;
        for (int64_t group = 0; group < c->groups; group++) {
            for (int64_t first = 0; first < pixels; first += c->pass) {
                const int64_t count = clamp(pixels - first, 0, c->pass);
                copy_patches(c, input, group, first, count, region);
                run_group(c, group, region, output, first, count, count, c->pixel_pitch, 0);
            }
        }
        return;
    }
    for (int64_t row = 0; row < s->output_height; row += c->pass) {
        const int64_t rows = clamp(s->output_height - row, 0, c->pass);
        const char *source = input;
        if (c->layout == ROWS) {
            copy_rows(c, input, row, rows, region);
            source = region;
        }
        for (int64_t group = 0; group < c->groups; group++) {
            run_group(c, group, source + group * c->group_inputs * c->element_bytes, output, row * s->output_width,
                    rows * s->output_width, s->output_width, s->stride_width * c->pixel_pitch, s->stride_height * c->row_pitch);
        }
    }
}
