/*
 * Runs commands in turns, each in a fresh process, and compares them with the first: wall time, processor time, the most memory
 * it had resident, minor page faults; medians, and the quartiles of the wall time.
 *
 *   alternate RUNS -- NAME COMMAND [ARGUMENT...] [-- NAME COMMAND [ARGUMENT...]]...
 *
 * What the commands print is thrown away; one that fails ends the measurement.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_COMMANDS 16

enum figure { WALL, PROCESSOR, RESIDENT, FAULTS, FIGURES };

struct command {
    const char *name;
    char **words;
    double *figures[FIGURES];
};

extern char **environ;

static void fail(const char *what) {
    fprintf(stderr, "error: %s\n", what);
    exit(1);
}

static double millis(struct timeval time) {
    return (double) time.tv_sec * 1e3 + (double) time.tv_usec / 1e3;
}

static void run(const struct command *command, int turn) {
    struct timespec start, end;
    struct rusage usage;
    posix_spawn_file_actions_t actions;
    pid_t process;
    int status;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (posix_spawnp(&process, command->words[0], &actions, NULL, command->words, environ) != 0) {
        fail(command->words[0]);
    }
    if (wait4(process, &status, 0, &usage) != process) {
        fail("wait4");
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    posix_spawn_file_actions_destroy(&actions);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail(command->name);
    }
    if (turn >= 0) {
        command->figures[WALL][turn] = (double) (end.tv_sec - start.tv_sec) * 1e3 + (double) (end.tv_nsec - start.tv_nsec) / 1e6;
        command->figures[PROCESSOR][turn] = millis(usage.ru_utime) + millis(usage.ru_stime);
        command->figures[RESIDENT][turn] = (double) usage.ru_maxrss / 1024;
        command->figures[FAULTS][turn] = (double) usage.ru_minflt;
    }
}

static int ascending(const void *one, const void *other) {
    double difference = *(const double *) one - *(const double *) other;
    return (difference > 0) - (difference < 0);
}

static double rank(const double *sorted, int count, int percent) {
    return sorted[(percent * count + 99) / 100 - 1];
}

int main(int count, char **arguments) {
    struct command commands[MAX_COMMANDS];
    int known = 0, runs = count > 1 ? atoi(arguments[1]) : 0;
    for (int i = 2; i < count; i++) {
        if (strcmp(arguments[i], "--") != 0) {
            continue;
        }
        if (known == MAX_COMMANDS || i + 2 >= count) {
            fail("a name and a command behind each --, at most 16");
        }
        arguments[i] = NULL;
        commands[known].name = arguments[i + 1];
        commands[known].words = arguments + i + 2;
        for (int f = 0; f < FIGURES; f++) {
            commands[known].figures[f] = calloc((size_t) (runs < 1 ? 1 : runs), sizeof(double));
        }
        known++;
    }
    if (runs < 1 || known == 0) {
        fail("alternate RUNS -- NAME COMMAND [ARGUMENT...] [-- ...]");
    }
    /* The first turn, which reads the files from the disk, does not count. */
    for (int turn = -1; turn < runs; turn++) {
        for (int c = 0; c < known; c++) {
            run(&commands[c], turn);
        }
    }
    printf("%-34s %8s %17s %7s %9s %9s %8s\n", "", "wall ms", "quartiles", "ratio", "CPU ms", "MiB", "faults");
    for (int c = 0; c < known; c++) {
        for (int f = 0; f < FIGURES; f++) {
            qsort(commands[c].figures[f], (size_t) runs, sizeof(double), ascending);
        }
        const double *wall = commands[c].figures[WALL];
        printf("%-34s %8.1f %8.1f %8.1f %6.2fx %9.1f %9.1f %8.0f\n", commands[c].name, rank(wall, runs, 50), rank(wall, runs, 25),
                rank(wall, runs, 75), rank(wall, runs, 50) / rank(commands[0].figures[WALL], runs, 50),
                rank(commands[c].figures[PROCESSOR], runs, 50), rank(commands[c].figures[RESIDENT], runs, 50),
                rank(commands[c].figures[FAULTS], runs, 50));
    }
    return 0;
}
