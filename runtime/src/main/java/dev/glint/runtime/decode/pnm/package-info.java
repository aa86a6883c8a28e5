/** The Netpbm family: PBM, PGM, PPM, PAM. */
@NullMarked
package dev.glint.runtime.decode.pnm;

import org.jspecify.annotations.NullMarked;
