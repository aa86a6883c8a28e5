/*
 * What stands between a C program and the image: an isolate for the process, a thread of it for each caller, labels that C can hold
 * on to.
 */
#define _GNU_SOURCE
#include "glint.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What native-image exports of the image: graal_isolate.h, and the entry points of dev.glint.classify.library. */
typedef struct graal_isolate graal_isolate_t;
typedef struct graal_isolatethread graal_isolatethread_t;
int graal_create_isolate(void *parameters, graal_isolate_t **isolate, graal_isolatethread_t **thread);
int graal_attach_thread(graal_isolate_t *isolate, graal_isolatethread_t **thread);
int graal_detach_thread(graal_isolatethread_t *thread);
void glint_image_initialize(graal_isolatethread_t *, const char *folder, char *version, int capacity);
int glint_image_open(graal_isolatethread_t *, const char *path, int threads, void **handle, int *labels, char *message, int capacity);
int glint_image_label(graal_isolatethread_t *, void *handle, int index, char *text, int capacity);
int glint_image_classify(graal_isolatethread_t *, void *handle, const void *bytes, long long size, glint_prediction *predictions, int top_k,
                         char *message, int capacity);
int glint_image_classify_pixels(graal_isolatethread_t *, void *handle, int format, int width, int height, int stride, const void *bytes,
                                long long size, glint_prediction *predictions, int top_k, char *message, int capacity);
void glint_image_close(graal_isolatethread_t *, void *handle);

enum { MESSAGE = 2048 };

struct glint_model {
    void *handle;
    int count;
    char **labels;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t attached;
static graal_isolate_t *isolate;
static char version[64];
static __thread char message[MESSAGE];

/* A thread that ends leaves the isolate; its own message buffer is gone by itself. */
static void detach(void *thread) { graal_detach_thread(thread); }

/* Once for the process; the thread that comes first stays a thread of the isolate until it ends. */
static void start(void) {
    graal_isolatethread_t *thread = NULL;
    Dl_info here;
    char folder[4096];
    if (pthread_key_create(&attached, detach) != 0 || graal_create_isolate(NULL, &isolate, &thread) != 0) {
        isolate = NULL;
        return;
    }
    pthread_setspecific(attached, thread);
    if (dladdr((void *)start, &here) != 0 && here.dli_fname != NULL && realpath(here.dli_fname, folder) != NULL) {
        char *end = strrchr(folder, '/');
        if (end != NULL) {
            *end = '\0';
        }
        glint_image_initialize(thread, folder, version, sizeof version);
    }
}

static int fail(int code, const char *text) {
    snprintf(message, sizeof message, "%s", text);
    return code;
}

/* The calling thread's place in the isolate, or NULL with a message. */
static graal_isolatethread_t *enter(void) {
    graal_isolatethread_t *thread;
    pthread_once(&once, start);
    if (isolate == NULL) {
        fail(GLINT_INTERNAL, "found no memory for an isolate, expected some 64 MiB; free some");
        return NULL;
    }
    thread = pthread_getspecific(attached);
    if (thread == NULL) {
        if (graal_attach_thread(isolate, &thread) != 0) {
            fail(GLINT_INTERNAL, "found no memory for another thread, expected some; free some");
            return NULL;
        }
        pthread_setspecific(attached, thread);
    }
    return thread;
}

static int labels(graal_isolatethread_t *thread, glint_model *model) {
    model->labels = calloc((size_t)model->count, sizeof *model->labels);
    if (model->labels == NULL) {
        return fail(GLINT_LIMIT, "found no memory for labels, expected some; free some");
    }
    for (int i = 0; i < model->count; i++) {
        int size = glint_image_label(thread, model->handle, i, NULL, 0);
        if (size < 0 || (model->labels[i] = malloc((size_t)size + 1)) == NULL) {
            return fail(GLINT_LIMIT, "found no memory for labels, expected some; free some");
        }
        glint_image_label(thread, model->handle, i, model->labels[i], size + 1);
    }
    return 0;
}

int glint_open(const char *path, int threads, glint_model **model) {
    if (path == NULL || model == NULL) {
        return fail(GLINT_USAGE, "found NULL, expected a path and a place for the model; pass them");
    }
    *model = NULL;
    graal_isolatethread_t *thread = enter();
    if (thread == NULL) {
        return GLINT_INTERNAL;
    }
    glint_model *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return fail(GLINT_LIMIT, "found no memory for a model, expected some; free some");
    }
    int status = glint_image_open(thread, path, threads, &opened->handle, &opened->count, message, MESSAGE);
    if (status == 0) {
        status = labels(thread, opened);
    }
    if (status != 0) {
        glint_close(opened);
        return status;
    }
    *model = opened;
    return 0;
}

static int named(const glint_model *model, glint_prediction *predictions, int count) {
    for (int i = 0; i < count; i++) {
        predictions[i].label = model->labels[predictions[i].index];
    }
    return count;
}

int glint_classify(const glint_model *model, const void *bytes, size_t size, glint_prediction *predictions, int capacity) {
    if (model == NULL || bytes == NULL || predictions == NULL || capacity < 1) {
        return fail(GLINT_USAGE, "found NULL or no capacity, expected a model, a picture and room for predictions; pass them");
    }
    graal_isolatethread_t *thread = enter();
    if (thread == NULL) {
        return GLINT_INTERNAL;
    }
    return named(model, predictions,
                 glint_image_classify(thread, model->handle, bytes, (long long)size, predictions, capacity, message, MESSAGE));
}

int glint_classify_pixels(const glint_model *model, glint_pixel_format format, int width, int height, int stride,
                          const void *bytes, size_t size, glint_prediction *predictions, int capacity) {
    if (model == NULL || bytes == NULL || predictions == NULL || capacity < 1) {
        return fail(GLINT_USAGE, "found NULL or no capacity, expected a model, pixels and room for predictions; pass them");
    }
    graal_isolatethread_t *thread = enter();
    if (thread == NULL) {
        return GLINT_INTERNAL;
    }
    return named(model, predictions,
                 glint_image_classify_pixels(thread, model->handle, (int)format, width, height, stride, (void *)bytes,
                                             (long long)size, predictions, capacity, message, MESSAGE));
}

int glint_label_count(const glint_model *model) { return model == NULL ? 0 : model->count; }

const char *glint_label(const glint_model *model, int index) {
    return model == NULL || index < 0 || index >= model->count ? NULL : model->labels[index];
}

void glint_close(glint_model *model) {
    graal_isolatethread_t *thread = model == NULL ? NULL : enter();
    if (thread == NULL) {
        return;
    }
    if (model->handle != NULL) {
        glint_image_close(thread, model->handle);
    }
    if (model->labels != NULL) {
        for (int i = 0; i < model->count; i++) {
            free(model->labels[i]);
        }
        free(model->labels);
    }
    free(model);
}

const char *glint_last_error(void) { return message; }

const char *glint_version(void) {
    enter();
    return version;
}
