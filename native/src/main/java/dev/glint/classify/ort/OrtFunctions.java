package dev.glint.classify.ort;

import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CCharPointerPointer;
import org.graalvm.nativeimage.c.type.CIntPointer;
import org.graalvm.nativeimage.c.type.CLongPointer;
import org.graalvm.nativeimage.c.type.WordPointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;

/**
 * The functions of ONNX Runtime's C interface by their shapes, and the places in the table {@code OrtApi} of those that are
 * called (onnxruntime_c_api.h; the table only grows at its end, so a place stays what it is). Pointers to status objects are null
 * where all went well.
 */
final class OrtFunctions {
    static final int GET_ERROR_CODE = 1;
    static final int GET_ERROR_MESSAGE = 2;
    static final int CREATE_ENV = 3;
    static final int CREATE_SESSION = 7;
    static final int CREATE_SESSION_FROM_ARRAY = 8;
    static final int RUN = 9;
    static final int CREATE_SESSION_OPTIONS = 10;
    static final int SET_OPTIMIZED_MODEL_FILE_PATH = 11;
    static final int SET_SESSION_LOG_SEVERITY_LEVEL = 22;
    static final int SET_INTRA_OP_NUM_THREADS = 24;
    static final int SET_INTER_OP_NUM_THREADS = 25;
    static final int CREATE_TENSOR_WITH_DATA = 49;
    static final int CREATE_CPU_MEMORY_INFO = 69;
    static final int RELEASE_STATUS = 93;
    static final int RELEASE_MEMORY_INFO = 94;
    static final int RELEASE_SESSION = 95;
    static final int RELEASE_VALUE = 96;
    static final int RELEASE_SESSION_OPTIONS = 100;
    static final int GET_AVAILABLE_PROVIDERS = 125;
    static final int RELEASE_AVAILABLE_PROVIDERS = 126;
    static final int ADD_SESSION_CONFIG_ENTRY = 130;
    static final int APPEND_TENSORRT = 170;
    static final int CREATE_TENSORRT_OPTIONS = 171;
    static final int RELEASE_TENSORRT_OPTIONS = 174;
    static final int APPEND_CUDA = 204;
    static final int CREATE_CUDA_OPTIONS = 205;
    static final int RELEASE_CUDA_OPTIONS = 208;
    static final int APPEND_PROVIDER = 216;

    private OrtFunctions() {}

    /** {@code OrtGetApiBase}, {@code OrtApiBase.GetVersionString}: something from nothing. */
    interface Get extends CFunctionPointer {
        @InvokeCFunctionPointer
        WordPointer invoke();
    }

    /** {@code OrtApiBase.GetApi}. */
    interface GetApi extends CFunctionPointer {
        @InvokeCFunctionPointer
        WordPointer invoke(int version);
    }

    /** {@code GetErrorCode}. */
    interface GetNumber extends CFunctionPointer {
        @InvokeCFunctionPointer
        int invoke(PointerBase object);
    }

    /** {@code GetErrorMessage}. */
    interface GetText extends CFunctionPointer {
        @InvokeCFunctionPointer
        CCharPointer invoke(PointerBase object);
    }

    /** {@code Release...}. */
    interface Release extends CFunctionPointer {
        @InvokeCFunctionPointer
        void invoke(PointerBase object);
    }

    /** {@code Create...} of what has defaults for all it is made of. */
    interface Create extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(WordPointer created);
    }

    /** {@code CreateEnv}. */
    interface CreateEnv extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(int level, CCharPointer name, WordPointer created);
    }

    /** {@code CreateCpuMemoryInfo}. */
    interface CreateMemoryInfo extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(int allocator, int type, WordPointer created);
    }

    /** {@code CreateSession}. */
    interface CreateSession extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(PointerBase environment, CCharPointer file, PointerBase options, WordPointer created);
    }

    /** {@code CreateSessionFromArray}. */
    interface CreateSessionFromArray extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(
                PointerBase environment,
                PointerBase model,
                UnsignedWord bytes,
                PointerBase options,
                WordPointer created);
    }

    /** {@code CreateTensorWithDataAsOrtValue}. */
    interface CreateTensor extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(
                PointerBase memory,
                PointerBase data,
                UnsignedWord bytes,
                CLongPointer shape,
                UnsignedWord dimensions,
                int type,
                WordPointer created);
    }

    /** {@code Set...} of a number. */
    interface SetNumber extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(PointerBase options, int value);
    }

    /** {@code Set...} of a text. */
    interface SetText extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(PointerBase options, CCharPointer value);
    }

    /** {@code AddSessionConfigEntry}. */
    interface AddEntry extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(PointerBase options, CCharPointer key, CCharPointer value);
    }

    /** {@code SessionOptionsAppendExecutionProvider_...} of a provider with options of its own. */
    interface Append extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(PointerBase options, PointerBase providerOptions);
    }

    /** {@code SessionOptionsAppendExecutionProvider}. */
    interface AppendNamed extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(
                PointerBase options,
                CCharPointer name,
                CCharPointerPointer keys,
                CCharPointerPointer values,
                UnsignedWord count);
    }

    /** {@code GetAvailableProviders}. */
    interface GetNames extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(WordPointer names, CIntPointer count);
    }

    /** {@code ReleaseAvailableProviders}. */
    interface ReleaseNames extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(CCharPointerPointer names, int count);
    }

    /** {@code Run}. */
    interface Run extends CFunctionPointer {
        @InvokeCFunctionPointer
        PointerBase invoke(
                PointerBase session,
                PointerBase options,
                CCharPointerPointer inputNames,
                WordPointer inputs,
                UnsignedWord inputCount,
                CCharPointerPointer outputNames,
                UnsignedWord outputCount,
                WordPointer outputs);
    }
}
