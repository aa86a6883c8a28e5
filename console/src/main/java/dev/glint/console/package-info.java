/**
 * What the commands share: the streams of a process, set-up and misuse of a command line, failures as one line, words
 * that were probably meant, tables and other text for people, JSON for programs, progress, versions.
 */
@NullMarked
package dev.glint.console;

import org.jspecify.annotations.NullMarked;
