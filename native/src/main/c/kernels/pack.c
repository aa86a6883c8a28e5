/* Weights, (O, C / groups, KH, KW) in the file, in the order in which tiles read them. It counts in a cold start. */
#include "convolution.h"

#include <string.h>

/* Where an output channel that a tile knows is in the file, or -1 if it only fills a vector. */
static int64_t output_channel(const struct glint_convolution *c, int64_t group, int64_t in_group) {
    const int64_t channel = group * c->group_outputs + in_group;
    return in_group < c->group_outputs && channel < c->shape.output_channels ? channel : -1;
}

/* A way through the activations that a tile reads: pixels of the window, their channels, and nothing to fill the last unit. */
struct walk {
    int64_t taps, channels;
    int64_t taps_per_segment;
    int64_t tap, channel;
};

static struct walk walk(const struct glint_convolution *c) {
    const int64_t taps = (int64_t) c->shape.window_height * c->shape.window_width;
    return (struct walk) {taps, c->depthwise ? 1 : c->group_inputs, taps / c->segments, 0, 0};
}

/* The next unit: where each of its weights lies behind the first of its output channel, or -1. */
static void next_unit(struct walk *w, int64_t *places, int count) {
    const int64_t segment_end = (w->tap / w->taps_per_segment + 1) * w->taps_per_segment;
    int64_t tap = w->tap;
    for (int i = 0; i < count; i++) {
        places[i] = tap < segment_end ? w->channel * w->taps + tap : -1;
        if (tap < segment_end && ++w->channel == w->channels) {
            w->channel = 0;
            tap++;
        }
    }
    w->tap = tap;
}

/* One weight after another: any shape. */
static void pack_vector(const struct glint_convolution *c, const int8_t *const *rows, char *output, ptrdiff_t step) {
    const int lanes = c->tiles->lanes;
    const int count = c->depthwise ? 1 : c->isa->unit_weights;
    const int64_t units = c->segments * (c->segment_bytes / UNIT_BYTES);
    struct walk w = walk(c);
    for (int64_t unit = 0; unit < units; unit++, output += step) {
        int64_t places[4];
        next_unit(&w, places, count);
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = 0; i < count; i++) {
                const int8_t weight = rows[lane] == NULL || places[i] < 0 ? 0 : rows[lane][places[i]];
                if (c->depthwise) {
                    ((int32_t *) output)[lane] = weight;
                } else if (c->isa->short_weights) {
                    ((int16_t *) output)[c->isa->planar ? i * lanes + lane : lane * count + i] = weight;
                } else {
                    ((int8_t *) output)[lane * count + i] = weight;
                }
            }
        }
    }
}

typedef uint64_t longs2 __attribute__((vector_size(16)));
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint16_t shorts8 __attribute__((vector_size(16)));
typedef uint32_t words4 __attribute__((vector_size(16)));
typedef int8_t bytes8 __attribute__((vector_size(8)));
typedef int16_t signed_shorts8 __attribute__((vector_size(16)));

static inline __attribute__((always_inline)) bytes16 zip_bytes(bytes16 a, bytes16 b) {
    return __builtin_shuffle(a, b, (bytes16) {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23});
}

static inline __attribute__((always_inline)) words4 zip_low(bytes16 a, bytes16 b) {
    return (words4) __builtin_shuffle((shorts8) a, (shorts8) b, (shorts8) {0, 8, 1, 9, 2, 10, 3, 11});
}

static inline __attribute__((always_inline)) words4 zip_high(bytes16 a, bytes16 b) {
    return (words4) __builtin_shuffle((shorts8) a, (shorts8) b, (shorts8) {4, 12, 5, 13, 6, 14, 7, 15});
}

static inline __attribute__((always_inline)) void transpose(words4 *rows) {
    const words4 low = {0, 4, 1, 5};
    const words4 high = {2, 6, 3, 7};
    const words4 a = __builtin_shuffle(rows[0], rows[2], low);
    const words4 b = __builtin_shuffle(rows[1], rows[3], low);
    const words4 c = __builtin_shuffle(rows[0], rows[2], high);
    const words4 d = __builtin_shuffle(rows[1], rows[3], high);
    rows[0] = __builtin_shuffle(a, b, low);
    rows[1] = __builtin_shuffle(a, b, high);
    rows[2] = __builtin_shuffle(c, d, low);
    rows[3] = __builtin_shuffle(c, d, high);
}

/* From 16 rows, 8 bytes of each: 8 times one of each. */
static void columns_of_bytes(const int8_t *const *rows, int64_t at, words4 *columns) {
    for (int i = 0; i < 4; i++) {
        bytes16 row[4];
        for (int j = 0; j < 4; j++) {
            uint64_t bytes;
            memcpy(&bytes, rows[4 * i + j] + at, sizeof bytes);
            row[j] = (bytes16) (longs2) {bytes, 0};
        }
        const bytes16 first = zip_bytes(row[0], row[1]);
        const bytes16 second = zip_bytes(row[2], row[3]);
        columns[i] = zip_low(first, second);
        columns[4 + i] = zip_high(first, second);
    }
    transpose(columns);
    transpose(columns + 4);
}

/* One byte of each. */
static inline words4 column_of_bytes(const int8_t *const *rows, int64_t at) {
    uint32_t words[4];
    for (int i = 0; i < 4; i++) {
        words[i] = (uint8_t) rows[4 * i][at] | (uint32_t) (uint8_t) rows[4 * i + 1][at] << 8
                | (uint32_t) (uint8_t) rows[4 * i + 2][at] << 16 | (uint32_t) (uint8_t) rows[4 * i + 3][at] << 24;
    }
    return (words4) {words[0], words[1], words[2], words[3]};
}

/* Where each of 16 bytes in a panel comes from. */
struct places {
    int lanes, channels;
    uint8_t lane[16], channel[16];
};

/* 4 channels of input, or 2 where a unit has no more and its weights stay bytes. */
static struct places places_of(const struct isa *isa) {
    struct places places = {.channels = isa->unit_weights == 4 || isa->short_weights ? 4 : 2};
    places.lanes = 16 / places.channels;
    for (int p = 0; p < 16; p++) {
        if (isa->short_weights) {
            /* Two units. */
            places.lane[p] = (uint8_t) (isa->planar ? p % 4 : p % 8 / 2);
            places.channel[p] = (uint8_t) (p / 8 * 2 + (isa->planar ? p % 8 / 4 : p % 2));
        } else {
            places.lane[p] = (uint8_t) (p / isa->unit_weights);
            places.channel[p] = (uint8_t) (p % isa->unit_weights);
        }
    }
    return places;
}

/* 16 bytes at a time, widened where they are: no unit has gaps. */
static void pack_whole_units(const struct glint_convolution *c, const struct places *places, const int8_t *const *rows,
        char *output, ptrdiff_t step) {
    const struct walk w = walk(c);
    const int count = c->isa->unit_weights;
    const int wide = c->isa->short_weights;
    const ptrdiff_t tap_step = step * (w.channels / count);
    for (int first_lane = 0; first_lane < c->tiles->lanes; first_lane += places->lanes) {
        const int8_t *sources[16];
        for (int p = 0; p < 16; p++) {
            sources[p] = rows[first_lane + places->lane[p]] + places->channel[p] * w.taps;
        }
        for (int64_t channel = 0; channel < w.channels; channel += places->channels) {
            char *to = output + first_lane * count + channel / count * step;
            for (int64_t tap = 0; tap < w.taps;) {
                words4 columns[8];
                int found = 8;
                if (tap + 8 <= w.taps) {
                    columns_of_bytes(sources, tap, columns);
                } else {
                    columns[0] = column_of_bytes(sources, tap);
                    found = 1;
                }
                for (int i = 0; i < found; i++, tap++, to += tap_step) {
                    if (wide) {
                        bytes8 halves[2];
                        memcpy(halves, &columns[i], sizeof halves);
                        *(signed_shorts8 *) to = __builtin_convertvector(halves[0], signed_shorts8);
                        *(signed_shorts8 *) (to + step) = __builtin_convertvector(halves[1], signed_shorts8);
                    } else {
                        *(words4 *) to = columns[i];
                    }
                }
            }
            for (int p = 0; p < 16; p++) {
                sources[p] += places->channels * w.taps;
            }
        }
    }
}

/* A panel of so many vectors from the rows of its output channels; NULL where there is none. */
static void pack_panel(const struct glint_convolution *c, const struct places *places, const int8_t *const *rows, int vectors,
        char *output) {
    const struct walk w = walk(c);
    const int lanes = c->tiles->lanes;
    const ptrdiff_t vector = lanes * (c->depthwise ? 4 : c->isa->unit_weights * (c->isa->short_weights ? 2 : 1));
    int whole = !c->depthwise && w.channels % places->channels == 0;
    for (int i = 0; i < vectors * lanes; i++) {
        whole &= rows[i] != NULL;
    }
    for (int v = 0; v < vectors; v++) {
        if (whole) {
            pack_whole_units(c, places, rows + v * lanes, output + v * vector, vectors * vector);
        } else {
            pack_vector(c, rows + v * lanes, output + v * vector, vectors * vector);
        }
    }
}

void glint_convolution_pack_bytes(struct glint_convolution *c, const int8_t *weights, const int32_t *bias, const float *multipliers) {
    const int lanes = c->tiles->lanes;
    const int64_t depth = walk(c).taps * walk(c).channels;
    const int64_t vectors = group_vectors(c);
    const int32_t zero = c->input_zero - (c->isa->signed_inputs && !c->depthwise ? 128 : 0);
    const struct places places = places_of(c->isa);
    for (int64_t group = 0; group < c->groups; group++) {
        for (int64_t v = 0; v < vectors;) {
            const int panel = panel_vectors(c, vectors - v);
            const int8_t *rows[MAX_VECTORS * MAX_LANES];
            for (int i = 0; i < panel * lanes; i++) {
                const int64_t o = output_channel(c, group, v * lanes + i);
                const int64_t at = (group * vectors + v) * lanes + i;
                rows[i] = o < 0 ? NULL : weights + o * depth;
                if (o >= 0) {
                    const int32_t sum = c->isa->sum_bytes(rows[i], depth);
                    ((uint32_t *) c->bias)[at] = (uint32_t) bias[o] - (uint32_t) zero * (uint32_t) sum;
                    c->multipliers[at] = multipliers[o];
                }
            }
            pack_panel(c, &places, rows, panel, c->panels + group * c->group_bytes + v * c->vector_bytes);
            v += panel;
        }
    }
}

/* Floats of four output channels. */
static void pack_four_rows(const struct walk *w, const float *const *rows, float *output, int64_t width) {
    const int full = rows[0] != NULL && rows[1] != NULL && rows[2] != NULL && rows[3] != NULL;
    for (int64_t channel = 0; channel < w->channels; channel++, output += width) {
        float *to = output;
        for (int64_t tap = 0; tap < w->taps;) {
            const int64_t at = channel * w->taps + tap;
            words4 columns[4];
            int count = 4;
            if (full && tap + 4 <= w->taps) {
                for (int j = 0; j < 4; j++) {
                    memcpy(&columns[j], rows[j] + at, sizeof columns[j]);
                }
                transpose(columns);
            } else {
                float column[4];
                for (int j = 0; j < 4; j++) {
                    column[j] = rows[j] == NULL ? 0 : rows[j][at];
                }
                memcpy(columns, column, sizeof column);
                count = 1;
            }
            for (int i = 0; i < count; i++, tap++, to += w->channels * width) {
                *(words4 *) to = columns[i];
            }
        }
    }
}

void glint_convolution_pack_floats(struct glint_convolution *c, const float *weights, const float *bias) {
    const int lanes = c->tiles->lanes;
    const struct walk w = walk(c);
    const int64_t depth = w.taps * w.channels;
    const int64_t vectors = group_vectors(c);
    for (int64_t group = 0; group < c->groups; group++) {
        for (int64_t v = 0; v < vectors;) {
            const int panel = panel_vectors(c, vectors - v);
            const int64_t width = panel * lanes;
            float *const output = (float *) (c->panels + group * c->group_bytes + v * c->vector_bytes);
            for (int64_t i = 0; i < width; i += 4) {
                const float *rows[4];
                for (int j = 0; j < 4; j++) {
                    const int64_t o = output_channel(c, group, v * lanes + i + j);
                    rows[j] = o < 0 ? NULL : weights + o * depth;
                    ((float *) c->bias)[(group * vectors + v) * lanes + i + j] = o < 0 ? 0 : bias[o];
                }
                pack_four_rows(&w, rows, output + i, width);
            }
            v += panel;
        }
    }
}
