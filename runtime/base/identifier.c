#include "runtime/base/identifier.h"

static uint32_t kind_of(uint32_t code) {
    uint32_t low = 0, high = tsk_identifier_place_count; /* the places before `low` are not after the code */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (tsk_identifier_places[middle] >> 2 <= code)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? tsk_identifier_places[low - 1] & 3 : 0;
}

bool tsk_identifier_start(uint32_t code) {
    return kind_of(code) == 2;
}

bool tsk_identifier_part(uint32_t code) {
    return kind_of(code) != 0;
}
