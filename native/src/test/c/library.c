/*
 * What glint.h promises, tried from C: library MODEL PICTURE. Prints a line for each promise that does not hold, and nothing where all do.
 */
#include <glint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 50, SIDE = 9, PICTURE_BYTES = 1 << 20 };

static glint_model *model;
static unsigned char picture[PICTURE_BYTES];
static size_t picture_size;
static unsigned char pixels[SIDE * SIDE * 3];
static glint_prediction expected[9];
static int failures;

static void check(int holds, const char *promise) {
    if (!holds) {
        printf("%s (%s)\n", promise, glint_last_error());
        failures++;
    }
}

static int same(const glint_prediction *a, const glint_prediction *b, int count) {
    for (int i = 0; i < count; i++) {
        if (a[i].index != b[i].index || a[i].probability != b[i].probability || a[i].label != b[i].label) {
            return 0;
        }
    }
    return 1;
}

static void *classify_many(void *unused) {
    glint_prediction found[3];
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        if (glint_classify(model, picture, picture_size, found, 3) != 3 || !same(found, expected, 3)) {
            return (void *)"another answer on another thread";
        }
    }
    return glint_classify(model, "text", 4, found, 3) == GLINT_INPUT && strstr(glint_last_error(), "found ") != NULL
               ? NULL
               : (void *)"no error for text on another thread";
}

static void errors(void) {
    glint_model *none = (glint_model *)&failures;
    glint_prediction found;
    check(glint_open("/no/such/model.onnx", 1, &none) == GLINT_MODEL && none == NULL, "a missing model is GLINT_MODEL");
    check(strstr(glint_last_error(), "/no/such/model.onnx: found ") != NULL, "its message names the file");
    check(glint_open(NULL, 1, &none) == GLINT_USAGE && glint_open("x", 1, NULL) == GLINT_USAGE, "NULL is GLINT_USAGE");
    check(glint_open("x", 0, &none) == GLINT_USAGE, "no threads are GLINT_USAGE");
    check(glint_classify(model, NULL, 1, &found, 1) == GLINT_USAGE, "no picture is GLINT_USAGE");
    check(glint_classify(model, picture, picture_size, &found, 0) == GLINT_USAGE, "no room is GLINT_USAGE");
    check(glint_classify(model, picture, 0, &found, 1) == GLINT_INPUT, "an empty picture is GLINT_INPUT");
    check(glint_classify(model, picture, picture_size / 2, &found, 1) == GLINT_INPUT, "half a picture is GLINT_INPUT");
    check(glint_classify(model, picture, (size_t)-1, &found, 1) == GLINT_LIMIT, "too many bytes are GLINT_LIMIT");
    check(glint_classify_pixels(model, GLINT_RGB, SIDE, SIDE, SIDE * 3, pixels, 5, &found, 1) == GLINT_INPUT,
          "too few pixels are GLINT_INPUT");
    check(glint_classify_pixels(model, (glint_pixel_format)99, SIDE, SIDE, SIDE * 3, pixels, sizeof pixels, &found, 1) == GLINT_USAGE,
          "an unknown format is GLINT_USAGE");
    check(glint_classify_pixels(model, GLINT_RGB, 1 << 30, 1 << 30, SIDE, pixels, sizeof pixels, &found, 1) < 0,
          "an absurd size is an error");
    check(glint_label(model, -1) == NULL && glint_label(model, glint_label_count(model)) == NULL, "no label beyond the last");
}

static void raw_pixels(void) {
    glint_prediction rgb[2], bgr[2];
    unsigned char swapped[sizeof pixels];
    for (size_t i = 0; i < sizeof pixels; i += 3) {
        pixels[i] = (unsigned char)(200 + i % 50);
        pixels[i + 1] = (unsigned char)(i % 90);
        pixels[i + 2] = (unsigned char)(i % 30);
        swapped[i] = pixels[i + 2];
        swapped[i + 1] = pixels[i + 1];
        swapped[i + 2] = pixels[i];
    }
    check(glint_classify_pixels(model, GLINT_RGB, SIDE, SIDE, SIDE * 3, pixels, sizeof pixels, rgb, 2) == 2, "RGB is classified");
    check(glint_classify_pixels(model, GLINT_BGR, SIDE, SIDE, SIDE * 3, swapped, sizeof swapped, bgr, 2) == 2, "BGR is classified");
    check(same(rgb, bgr, 2), "RGB and BGR of one picture are alike");
    check(strcmp(rgb[0].label, "red") == 0, "a red picture is red");
}

int main(int argc, char **argv) {
    pthread_t threads[THREADS];
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: %s MODEL PICTURE\n", argv[0]);
        return 2;
    }
    picture_size = fread(picture, 1, sizeof picture, file);
    fclose(file);
    check(strcmp(glint_last_error(), "") == 0, "no error before the first call");
    check(glint_version()[0] != '\0', "a version");
    check(glint_open(argv[1], 1, &model) == 0, "the model opens");
    if (failures > 0) {
        return 1;
    }
    check(glint_label_count(model) == 3, "three labels");
    check(glint_classify(model, picture, picture_size, expected, 9) == 3, "the picture is classified, with as many predictions as labels");
    check(expected[0].label == glint_label(model, expected[0].index), "the label is the model's");
    check(expected[0].probability + expected[1].probability + expected[2].probability > 0.999f, "probabilities add up");
    raw_pixels();
    errors();
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, classify_many, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        void *complaint;
        pthread_join(threads[i], &complaint);
        check(complaint == NULL, complaint);
    }
    glint_close(model);
    glint_close(NULL);
    return failures > 0;
}
