/*
 * Says what is in each picture file named: classify_files MODEL PICTURE...
 * A broken picture does not stop the others; the exit code is that of the first failure.
 */
#include <glint.h>
#include <stdio.h>
#include <stdlib.h>

/* A whole file, or NULL. */
static void *read_file(const char *name, size_t *size) {
    FILE *file = fopen(name, "rb");
    char *bytes = NULL;
    *size = 0;
    if (file == NULL) {
        return NULL;
    }
    for (size_t room = 0;;) {
        if (*size == room) {
            char *more = realloc(bytes, room = room == 0 ? 1 << 16 : 2 * room);
            if (more == NULL) {
                break;
            }
            bytes = more;
        }
        size_t read = fread(bytes + *size, 1, room - *size, file);
        if (read == 0) {
            break;
        }
        *size += read;
    }
    if (ferror(file) || !feof(file)) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

int main(int argc, char **argv) {
    glint_model *model;
    int failure = 0;
    if (argc < 3) {
        fprintf(stderr, "usage: %s MODEL PICTURE...\n", argv[0]);
        return 2;
    }
    int status = glint_open(argv[1], 1, &model);
    if (status != 0) {
        fprintf(stderr, "%s\n", glint_last_error());
        return -status;
    }
    for (int i = 2; i < argc; i++) {
        glint_prediction best[3];
        size_t size;
        void *bytes = read_file(argv[i], &size);
        int readable = bytes != NULL;
        int count = readable ? glint_classify(model, bytes, size, best, 3) : GLINT_INPUT;
        free(bytes);
        if (count < 0) {
            fprintf(stderr, "%s: %s\n", argv[i], readable ? glint_last_error() : "cannot be read");
            failure = failure == 0 ? -count : failure;
            continue;
        }
        printf("%s:", argv[i]);
        for (int k = 0; k < count; k++) {
            printf(" %s %.4f", best[k].label, best[k].probability);
        }
        printf("\n");
    }
    glint_close(model);
    return failure;
}
