/* A library in the place of ICU's data (31 MB), with nothing in it: what ICU calls a stub (source/stubdata in its sources).
 * Qt asks ICU for sorting, for other calendars and for old encodings, none of which the window uses, and goes its own way
 * where ICU has no data. Lines are broken and letters are shaped without ICU.
 * Compiled by jpki-window.spec with -DICU_ENTRY=icudt73_dat, as the version of Qt's wheel asks for. */
#include <stdint.h>

struct header {
    uint16_t header_size;
    uint8_t magic[2];
    uint16_t info_size;
    uint16_t reserved;
    uint8_t is_big_endian, charset, char_size, more;
    uint8_t format[4], format_version[4], data_version[4];
    uint8_t padding[8];
    uint32_t count, end;
};

const struct header ICU_ENTRY = {
    32, {0xda, 0x27}, 20, 0, 0, 0, 2, 0, {'T', 'o', 'C', 'P'}, {1, 0, 0, 0}, {0, 0, 0, 0}, {0}, 0, 0,
};
