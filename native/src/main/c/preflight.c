/*
 * What the native image needs of the system before its first line of Java: without it the image ends with a number
 * and no word of what is missing. Runs before main; three system calls. And how the C library lets go of memory.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>

/* Which C library the binary was linked against: readelf -p .comment shows it. */
#define STRING(number) #number
#define VERSION(major, minor) STRING(major) "." STRING(minor)
__asm__(".ident \"glibc " VERSION(__GLIBC__, __GLIBC_MINOR__) "\"");
#endif

/* The heap's reserve of 1 GiB, the binary, ONNX Runtime's libraries and a few stacks; measured with ulimit -v. */
#define NEEDED_MIB 1150

/* glibc would come to keep large blocks; what ONNX Runtime lets go of while it opens a model is a MiB of 47. */
#define MMAP_BYTES (128 << 10)

enum { INPUT = 3, LIMIT = 6 };

__attribute__((constructor)) static void preflight(void) {
    if (access("/proc/self/maps", R_OK) != 0) {
        fputs("error: /proc: found no process file system, expected one to find the binary's own pages by; "
              "mount it with mount -t proc proc /proc\n", stderr);
        _exit(INPUT);
    }
    char here[PATH_MAX];
    if (getcwd(here, sizeof here) == NULL) {
        fprintf(stderr, "error: .: found no working folder (%s), expected one that exists; change to another one with cd\n",
                strerror(errno));
        _exit(INPUT);
    }
    struct rlimit space;
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY
            && space.rlim_cur >> 20 < NEEDED_MIB) {
        fprintf(stderr, "error: found a limit of %llu MiB of address space, expected at least %d MiB; "
                "raise it with ulimit -v or LimitAS=\n", (unsigned long long) space.rlim_cur >> 20, NEEDED_MIB);
        _exit(LIMIT);
    }
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
#endif
}
