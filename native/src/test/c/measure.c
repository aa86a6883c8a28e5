/*
 * Runs a command, and writes into a file what it took: milliseconds, milliseconds of the processor, KiB resident at most, exit code.
 *   measure FILE COMMAND...
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static double millis(struct timeval time) {
    return time.tv_sec * 1e3 + time.tv_usec / 1e3;
}

int main(int count, char **words) {
    if (count < 3) {
        return 2;
    }
    struct timeval begun, ended;
    struct rusage used;
    int status;
    gettimeofday(&begun, NULL);
    pid_t process = vfork();
    if (process == 0) {
        execv(words[2], words + 2);
        _exit(127);
    }
    if (process < 0 || wait4(process, &status, 0, &used) != process) {
        return 1;
    }
    gettimeofday(&ended, NULL);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    FILE *file = fopen(words[1], "w");
    if (file == NULL) {
        return 1;
    }
    fprintf(file, "%.1f %.1f %ld %d\n", millis(ended) - millis(begun), millis(used.ru_utime) + millis(used.ru_stime),
            used.ru_maxrss, code);
    fclose(file);
    return code;
}
