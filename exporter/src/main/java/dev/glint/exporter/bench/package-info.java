/** What variants cost and how often they are right, here and on the devices whose reports come in. */
@NullMarked
package dev.glint.exporter.bench;

import org.jspecify.annotations.NullMarked;
