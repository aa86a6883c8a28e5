/* The sizes of tiles that are compiled, from the body TILE(tile); TILE_VECTORS is the most vectors there are. */
#define TILE_OF(height, pixels, vectors) \
    static void TILE(height##vectors)(const struct tile *t) { \
        TILE(tile)(t, pixels, vectors); \
    }
TILE_OF(wide, WIDE_PIXELS, 1)
TILE_OF(one, 1, 1)
#if WIDE_PIXELS != 4
TILE_OF(four, 4, 1)
#endif
#if TILE_VECTORS >= 2
TILE_OF(wide, WIDE_PIXELS, 2)
TILE_OF(one, 1, 2)
#if WIDE_PIXELS != 4
TILE_OF(four, 4, 2)
#endif
#endif
#if TILE_VECTORS >= 4
TILE_OF(wide, WIDE_PIXELS, 4)
TILE_OF(one, 1, 4)
#if WIDE_PIXELS != 4
TILE_OF(four, 4, 4)
#endif
#endif
#undef TILE_OF
