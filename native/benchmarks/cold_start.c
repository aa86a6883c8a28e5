/*
 * The rival of a cold start: the least that a program which classifies one picture with ONNX Runtime has to do, in C. It
 * knows one way only: a PNG of 8-bit RGB or gray, not interlaced, at least as large as the model's input, whose middle it takes;
 * a model written by Glint's exporter, whose contract it trusts. Prints the most probable label.
 *
 *   cold_start LIBRARY MODEL PICTURE [--level N] [--save FILE] [--leave] [--steps]
 *
 * --level N: how far the graph is optimised (0, 1, 2, 99); --save FILE: write the optimised graph; --leave: end with the answer
 * instead of taking everything down first; --steps: what each step took, on standard error.
 */
#define _GNU_SOURCE
#include "ort_table.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define MAX_CHANNELS 3

struct bytes {
    const unsigned char *start;
    size_t count;
};

struct contract {
    int channels, height, width;
    double scale, mean[MAX_CHANNELS], std[MAX_CHANNELS];
    const char *labels;
    size_t classes;
};

struct picture {
    int width, height, channels;
    unsigned char *samples;
};

static void fail(const char *what) {
    fprintf(stderr, "error: %s\n", what);
    exit(1);
}

static int steps;

static void step(const char *name) {
    static struct timespec before;
    struct timespec now;
    if (!steps) {
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (before.tv_sec != 0) {
        fprintf(stderr, "%-12s %7.2f ms\n", name,
                (now.tv_sec - before.tv_sec) * 1e3 + (now.tv_nsec - before.tv_nsec) / 1e6);
    }
    before = now;
}

static struct bytes map(const char *file) {
    struct stat about;
    int descriptor = open(file, O_RDONLY);
    if (descriptor < 0 || fstat(descriptor, &about) != 0) {
        fail(file);
    }
    void *start = mmap(NULL, (size_t) about.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) {
        fail(file);
    }
    close(descriptor);
    return (struct bytes) {start, (size_t) about.st_size};
}

/* Where the values of a field of the contract begin. */
static const char *field(const char *json, const char *name) {
    const char *found = strstr(json, name);
    if (found == NULL) {
        fail("a contract that lacks a field");
    }
    return found + strlen(name);
}

static void numbers(const char *text, double *values, int count) {
    for (int i = 0; i < count; i++) {
        char *end;
        values[i] = strtod(text, &end);
        text = end + 1;
    }
}

static struct contract read_contract(struct bytes model) {
    static const char key[] = "glint.contract";
    const char *json = memmem(model.start, model.count, key, sizeof key - 1);
    if (json == NULL) {
        fail("a model without a contract");
    }
    struct contract contract = {0};
    double shape[3];
    json = strchr(json, '{');
    numbers(field(json, "\"shape\":["), shape, 3);
    contract.channels = (int) shape[0];
    contract.height = (int) shape[1];
    contract.width = (int) shape[2];
    numbers(field(json, "\"scale\":"), &contract.scale, 1);
    numbers(field(json, "\"mean\":["), contract.mean, contract.channels);
    numbers(field(json, "\"std\":["), contract.std, contract.channels);
    contract.labels = field(json, "\"labels\":[");
    /* Labels without quotes in them. */
    for (const char *c = contract.labels; *c != ']'; c++) {
        contract.classes += *c == '"';
    }
    contract.classes /= 2;
    return contract;
}

static uint32_t big_endian(const unsigned char *bytes) {
    return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
}

static int paeth(int left, int up, int corner) {
    int guess = left + up - corner;
    int to_left = abs(guess - left), to_up = abs(guess - up), to_corner = abs(guess - corner);
    return to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner;
}

/* PNG specification, section 9: each byte was predicted from its neighbours. */
static void unfilter(unsigned char *row, const unsigned char *above, int filter, size_t count, size_t pixel) {
    for (size_t i = 0; i < count; i++) {
        int left = i < pixel ? 0 : row[i - pixel];
        int up = above == NULL ? 0 : above[i];
        int corner = i < pixel || above == NULL ? 0 : above[i - pixel];
        int guess = filter == 0 ? 0 : filter == 1 ? left : filter == 2 ? up : filter == 3 ? (left + up) / 2 : paeth(left, up, corner);
        row[i] = (unsigned char) (row[i] + guess);
    }
}

static struct picture decode(const char *file) {
    struct bytes png = map(file);
    struct picture picture = {0};
    z_stream stream = {0};
    unsigned char *raw = NULL;
    if (inflateInit(&stream) != Z_OK) {
        fail("zlib");
    }
    for (size_t at = 8; at + 12 <= png.count;) {
        const unsigned char *chunk = png.start + at;
        uint32_t length = big_endian(chunk);
        if (at + 12 + length > png.count) {
            fail("a PNG that is cut short");
        }
        if (memcmp(chunk + 4, "IHDR", 4) == 0) {
            picture.width = (int) big_endian(chunk + 8);
            picture.height = (int) big_endian(chunk + 12);
            picture.channels = chunk[17] == 2 ? 3 : 1;
            if (chunk[16] != 8 || (chunk[17] != 2 && chunk[17] != 0) || chunk[20] != 0) {
                fail("a PNG of another kind");
            }
            size_t bytes = (size_t) picture.height * (1 + (size_t) picture.width * (size_t) picture.channels);
            raw = malloc(bytes);
            stream.next_out = raw;
            stream.avail_out = (uInt) bytes;
        } else if (memcmp(chunk + 4, "IDAT", 4) == 0) {
            stream.next_in = (unsigned char *) chunk + 8;
            stream.avail_in = length;
            int result = inflate(&stream, Z_NO_FLUSH);
            if (result != Z_OK && result != Z_STREAM_END) {
                fail("a PNG that zlib refuses");
            }
        }
        at += 12 + length;
    }
    inflateEnd(&stream);
    if (raw == NULL || stream.avail_out != 0) {
        fail("a PNG without pixels");
    }
    size_t row = (size_t) picture.width * (size_t) picture.channels;
    picture.samples = malloc(row * (size_t) picture.height);
    for (int y = 0; y < picture.height; y++) {
        unsigned char *line = picture.samples + (size_t) y * row;
        const unsigned char *from = raw + (size_t) y * (row + 1);
        memcpy(line, from + 1, row);
        unfilter(line, y == 0 ? NULL : line - row, from[0], row, (size_t) picture.channels);
    }
    free(raw);
    return picture;
}

static void preprocess(const struct contract *contract, const struct picture *picture, float *tensor) {
    int left = (picture->width - contract->width) / 2, top = (picture->height - contract->height) / 2;
    if (left < 0 || top < 0) {
        fail("a picture smaller than the model's input");
    }
    for (int c = 0; c < contract->channels; c++) {
        for (int y = 0; y < contract->height; y++) {
            const unsigned char *row = picture->samples + ((size_t) (top + y) * (size_t) picture->width + (size_t) left) * (size_t) picture->channels;
            for (int x = 0; x < contract->width; x++) {
                double sample = row[x * picture->channels + (picture->channels == 1 ? 0 : c)];
                *tensor++ = (float) ((sample * contract->scale - contract->mean[c]) / contract->std[c]);
            }
        }
    }
}

static void print_label(const struct contract *contract, const float *logits) {
    size_t best = 0;
    double sum = 0;
    for (size_t i = 1; i < contract->classes; i++) {
        best = logits[i] > logits[best] ? i : best;
    }
    for (size_t i = 0; i < contract->classes; i++) {
        sum += exp((double) logits[i] - logits[best]);
    }
    const char *label = contract->labels + 1;
    for (size_t i = 0; i < best; i++) {
        label = strchr(label, '"') + 3;
    }
    printf("%.*s  %.4f\n", (int) (strchr(label, '"') - label), label, 1 / sum);
    fflush(stdout);
}

static ort_table ort;

static void check(ort_status status) {
    if (status != NULL) {
        fail(((error_message_fn) ort[GET_ERROR_MESSAGE])(status));
    }
}

static void load(const char *library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        fail(dlerror());
    }
    const struct ort_base *(*base)(void) = (const struct ort_base *(*)(void)) dlsym(handle, "OrtGetApiBase");
    ort = base == NULL ? NULL : base()->get_api(ORT_API);
    if (ort == NULL) {
        fail("an ONNX Runtime without this version of its interface");
    }
}

int main(int count, char **arguments) {
    const char *save = NULL;
    int level = 99, leave = 0;
    if (count < 4) {
        fail("cold_start LIBRARY MODEL PICTURE [--level N] [--save FILE] [--leave] [--steps]");
    }
    for (int i = 4; i < count; i++) {
        if (strcmp(arguments[i], "--level") == 0 && i + 1 < count) {
            level = atoi(arguments[++i]);
        } else if (strcmp(arguments[i], "--save") == 0 && i + 1 < count) {
            save = arguments[++i];
        } else if (strcmp(arguments[i], "--leave") == 0) {
            leave = 1;
        } else if (strcmp(arguments[i], "--steps") == 0) {
            steps = 1;
        } else {
            fail(arguments[i]);
        }
    }
    step("start");
    load(arguments[1]);
    step("load");
    void *env, *options, *session, *memory, *input, *output;
    check(((create_env_fn) ort[CREATE_ENV])(LOG_FATAL, "cold_start", &env));
    step("environment");
    check(((create_options_fn) ort[CREATE_SESSION_OPTIONS])(&options));
    check(((set_number_fn) ort[SET_INTRA_OP_NUM_THREADS])(options, 1));
    check(((set_number_fn) ort[SET_INTER_OP_NUM_THREADS])(options, 1));
    check(((set_number_fn) ort[SET_SESSION_GRAPH_OPTIMIZATION_LEVEL])(options, level));
    if (save != NULL) {
        check(((set_path_fn) ort[SET_OPTIMIZED_MODEL_FILE_PATH])(options, save));
    }
    check(((create_session_fn) ort[CREATE_SESSION])(env, arguments[2], options, &session));
    step("session");
    struct contract contract = read_contract(map(arguments[2]));
    struct picture picture = decode(arguments[3]);
    size_t values = (size_t) (contract.channels * contract.height * contract.width);
    float *tensor = malloc(values * sizeof *tensor), *logits = malloc(contract.classes * sizeof *logits);
    preprocess(&contract, &picture, tensor);
    step("picture");
    check(((create_memory_fn) ort[CREATE_CPU_MEMORY_INFO])(ARENA_ALLOCATOR, MEMORY_DEFAULT, &memory));
    int64_t in_shape[] = {1, contract.channels, contract.height, contract.width}, out_shape[] = {1, (int64_t) contract.classes};
    create_tensor_fn create_tensor = (create_tensor_fn) ort[CREATE_TENSOR_WITH_DATA];
    check(create_tensor(memory, tensor, values * sizeof *tensor, in_shape, 4, TENSOR_OF_FLOATS, &input));
    check(create_tensor(memory, logits, contract.classes * sizeof *logits, out_shape, 2, TENSOR_OF_FLOATS, &output));
    const char *input_name = "input", *output_name = "logits";
    check(((run_fn) ort[RUN])(session, NULL, &input_name, &input, 1, &output_name, 1, &output));
    step("run");
    print_label(&contract, logits);
    step("print");
    if (leave) {
        _exit(0);
    }
    ((release_fn) ort[RELEASE_VALUE])(input);
    ((release_fn) ort[RELEASE_VALUE])(output);
    ((release_fn) ort[RELEASE_MEMORY_INFO])(memory);
    ((release_fn) ort[RELEASE_SESSION])(session);
    ((release_fn) ort[RELEASE_SESSION_OPTIONS])(options);
    ((release_fn) ort[RELEASE_ENV])(env);
    step("release");
    return 0;
}
