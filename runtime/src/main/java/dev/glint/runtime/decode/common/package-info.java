/** What the decoders of the formats share inside: how they say that a picture is damaged, and the orientation in EXIF. */
@NullMarked
package dev.glint.runtime.decode.common;

import org.jspecify.annotations.NullMarked;
