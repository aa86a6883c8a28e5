/*
 * What this program needs of ONNX Runtime's C interface, version 23: the places of its functions in the table OrtApi. Version 1.23
 * and every later one has the same table, which only ever grows at its end. Written after the table ort_api_1_to_25 in
 * onnxruntime/core/session/onnxruntime_c_api.cc; its own assertions (place 101 ends version 1, 118 version 2, 124 version 3,
 * 157 version 6, 204 begins version 11) were counted through.
 */
#ifndef ORT_TABLE_H
#define ORT_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { ORT_API = 23, LOG_FATAL = 4, TENSOR_OF_FLOATS = 1, ARENA_ALLOCATOR = 1, MEMORY_DEFAULT = 0 };

enum place {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_OPTIMIZED_MODEL_FILE_PATH = 11,
    SET_SESSION_GRAPH_OPTIMIZATION_LEVEL = 23,
    SET_INTRA_OP_NUM_THREADS = 24,
    SET_INTER_OP_NUM_THREADS = 25,
    CREATE_TENSOR_WITH_DATA = 49,
    CREATE_CPU_MEMORY_INFO = 69,
    RELEASE_ENV = 92,
    RELEASE_MEMORY_INFO = 94,
    RELEASE_SESSION = 95,
    RELEASE_VALUE = 96,
    RELEASE_SESSION_OPTIONS = 100
};

typedef void *const *ort_table;
typedef void *ort_status;

struct ort_base {
    ort_table (*get_api)(uint32_t version);
    const char *(*version)(void);
};

typedef const char *(*error_message_fn)(ort_status);
typedef ort_status (*create_env_fn)(int level, const char *name, void **env);
typedef ort_status (*create_session_fn)(void *env, const char *file, void *options, void **session);
typedef ort_status (*run_fn)(void *session, void *options, const char *const *input_names, void *const *inputs, size_t inputs_count,
        const char *const *output_names, size_t outputs_count, void **outputs);
typedef ort_status (*create_options_fn)(void **options);
typedef ort_status (*set_path_fn)(void *options, const char *file);
typedef ort_status (*set_number_fn)(void *options, int number);
typedef ort_status (*create_tensor_fn)(void *memory, void *data, size_t bytes, const int64_t *shape, size_t dimensions, int type,
        void **tensor);
typedef ort_status (*create_memory_fn)(int allocator, int type, void **memory);
typedef void (*release_fn)(void *);

#endif
