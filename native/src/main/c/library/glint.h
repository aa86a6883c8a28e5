/*
 * Glint's C library: encoded pictures or raw pixels in, labels out. The same code as the command classify, so the same answers.
 *
 * Every function may be called from any thread, and one model from several at once. What a function gives back is 0 or more where it
 * went well, and otherwise minus one of classify's exit codes, with a line in glint_last_error() that says what was found, what was
 * expected and what to do.
 */
#ifndef GLINT_H
#define GLINT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is wrong: of the calling program itself, a bad argument, a bad picture, a bad model, a limit exceeded. */
enum { GLINT_INTERNAL = -1, GLINT_USAGE = -2, GLINT_INPUT = -3, GLINT_MODEL = -4, GLINT_LIMIT = -6 };

/* A model, opened once. */
typedef struct glint_model glint_model;

/* One class. The label belongs to the model. The probability is 0 to 1. */
typedef struct {
    int32_t index;
    float probability;
    const char *label;
} glint_prediction;

/*
 * How raw pixels lie in memory. RGB and BGR take three bytes a pixel. NV21 is a plane of luminance and, behind it, one of V and U in turn, a
 * pair for 2x2 pixels. YUYV takes four bytes for two pixels. Luminance and colour differences are in the limited range, as usual for
 * video; in the full range, as phones have them, with FULL_RANGE.
 */
typedef enum {
    GLINT_RGB = 0,
    GLINT_BGR = 1,
    GLINT_NV21 = 2,
    GLINT_NV21_FULL_RANGE = 3,
    GLINT_YUYV = 4,
    GLINT_YUYV_FULL_RANGE = 5
} glint_pixel_format;

/*
 * Opens an ONNX file or a model folder, with so many threads for one picture (1 is best for small models). Call glint_close in the end.
 * Where GLINT_TRUST in the environment names a public key, a model that was not signed with it is GLINT_MODEL.
 */
int glint_open(const char *path, int threads, glint_model **model);

/*
 * Classifies an encoded picture (PNG, JPEG, BMP, PNM). Writes at most `capacity` predictions, most probable first, and gives their number.
 */
int glint_classify(const glint_model *model, const void *bytes, size_t size, glint_prediction *predictions, int capacity);

/*
 * Classifies raw pixels: `height` rows of `width` pixels, each row beginning `stride` bytes after the one before. `size` is all there is
 * to read.
 */
int glint_classify_pixels(const glint_model *model, glint_pixel_format format, int width, int height, int stride,
                          const void *bytes, size_t size, glint_prediction *predictions, int capacity);

/* How many classes the model tells apart. */
int glint_label_count(const glint_model *model);

/* The name of a class in UTF-8, or NULL where there is no such class. It belongs to the model. */
const char *glint_label(const glint_model *model, int index);

/* Frees a model, which no other thread may be using. NULL is fine. */
void glint_close(glint_model *model);

/* What went wrong in the last call of this thread that failed, in UTF-8; an empty string if none did. It is good until the next call. */
const char *glint_last_error(void);

/* The version of this library. */
const char *glint_version(void);

#ifdef __cplusplus
}
#endif
#endif
